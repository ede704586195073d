import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { StateKind } from '../contract/refusal.ts'
import type { JsonObject } from '../json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { chat, chatBody, chatModels, protocols } from '../testing/client.ts'
import { fixture } from '../testing/shape.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** Everything but ids, which are the request's own. */
function withoutIds(text: string): unknown {
  const plain = text
    .replaceAll(uuid, 'ID')
    .replaceAll(/as-(fixture)?[0-9a-f]+/g, 'ID')
    .replaceAll(/02[0-9a-f]{48,}/g, 'ID')
    .replaceAll(/cha[0-9a-f]+(fixture)?@dx[0-9a-f]+/g, 'ID')
    .replaceAll('fixture-req-0001', 'ID')
    // The end of the key that was sent (DeepSeek).
    .replaceAll(/\*{4}[^ ]{4}/g, 'KEY')
  return JSON.parse(plain)
}

type FaultCase = readonly [protocol: string, code: StateKind, status: number, file: string, model?: string]

/** States of a platform: its own body, its own status. */
const states: readonly FaultCase[] = [
  ['openai', 'bad-key', 401, 'openai-compatible/error-401-bad-key.json'],
  ['openai', 'rate-limit', 429, 'openai-compatible/error-429-rate.json'],
  ['openai', 'free-quota', 429, 'openai-compatible/error-429-insufficient-quota.json'],
  ['openai', 'content-filter', 400, 'openai-compatible/error-400-content.json'],
  ['deepseek', 'bad-key', 401, 'deepseek/error-401-bad-key.json'],
  ['deepseek', 'rate-limit', 429, 'deepseek/error-429-concurrency.json'],
  ['deepseek', 'free-quota', 402, 'deepseek/error-402-balance.json'],
  ['deepseek', 'balance', 402, 'deepseek/error-402-balance.json'],
  ['deepseek', 'content-filter', 400, 'deepseek/error-400-content.json'],
  ['deepseek', 'overloaded', 503, 'deepseek/error-503-busy.json'],
  ['deepseek', 'internal', 500, 'deepseek/error-500.json'],
  ['tongyi-compatible', 'bad-key', 401, 'tongyi/compat-error-401-bad-key.json'],
  ['tongyi-compatible', 'rate-limit', 429, 'tongyi/compat-error-429-rpm.json'],
  ['tongyi-compatible', 'free-quota', 403, 'tongyi/compat-error-403-free-tier-only.json'],
  ['tongyi-compatible', 'balance', 400, 'tongyi/compat-error-400-arrearage.json'],
  ['tongyi-compatible', 'content-filter', 400, 'tongyi/compat-error-400-content.json'],
  ['tongyi-compatible', 'internal', 500, 'tongyi/compat-error-500.json'],
  ['ark', 'bad-key', 401, 'ark/error-401-bad-key.json'],
  ['ark', 'rate-limit', 429, 'ark/error-429-tpm.json'],
  ['ark', 'free-quota', 429, 'ark/error-429-free-quota-exhausted.json', 'doubao-seed-2-1-pro-260628'],
  ['ark', 'balance', 403, 'ark/error-403-overdue.json'],
  ['ark', 'overloaded', 429, 'ark/error-429-overloaded.json'],
  ['ark', 'content-filter', 400, 'ark/error-400-content-input.json'],
  ['ark', 'internal', 500, 'ark/error-500.json'],
  ['baichuan', 'bad-key', 401, 'baichuan/error-401-bad-key.json'],
  ['baichuan', 'rate-limit', 429, 'baichuan/error-429-rate.json'],
  ['baichuan', 'free-quota', 429, 'baichuan/error-429-balance.json'],
  ['baichuan', 'internal', 500, 'baichuan/error-500.json'],
  ['modelscope', 'bad-key', 401, 'modelscope/error-401-bad-token.json'],
  ['modelscope', 'rate-limit', 429, 'modelscope/error-429-throttle.json'],
  ['modelscope', 'free-quota', 429, 'modelscope/error-429-daily-quota.json'],
  ['modelscope', 'balance', 429, 'modelscope/error-429-free-allocated.json'],
  ['modelscope', 'content-filter', 400, 'modelscope/error-400-content.json'],
  ['qianfan-v2', 'bad-key', 401, 'qianfan/v2-error-401-bad-key.json'],
  ['qianfan-v2', 'rate-limit', 429, 'qianfan/v2-error-429-rpm.json'],
  ['qianfan-v2', 'free-quota', 403, 'qianfan/v2-error-quota-arrears.json'],
  ['qianfan-v2', 'content-filter', 403, 'qianfan/v2-error-403-system-unsafe.json'],
  ['hunyuan-openai', 'bad-key', 401, 'hunyuan/openai-error-401-bad-key.json'],
  ['hunyuan-openai', 'rate-limit', 400, 'hunyuan/openai-error-400-ratelimit-2003.json'],
  ['hunyuan-openai', 'free-quota', 400, 'hunyuan/openai-error-quota.json'],
  ['hunyuan-openai', 'content-filter', 400, 'hunyuan/openai-error-content.json'],
  ['tokenhub', 'bad-key', 401, 'hunyuan/tokenhub-error-401.json'],
  ['tokenhub', 'rate-limit', 429, 'hunyuan/tokenhub-error-429-rpm.json'],
  ['tokenhub', 'free-quota', 402, 'hunyuan/tokenhub-error-402-free-quota.json'],
  ['tokenhub', 'content-filter', 451, 'hunyuan/tokenhub-error-451-content.json'],
  ['tokenhub', 'internal', 502, 'hunyuan/tokenhub-error-502-upstream.json'],
  ['spark-http', 'bad-key', 401, 'spark/http-error-401-invalid-user.json'],
  ['spark-http', 'rate-limit', 500, 'spark/http-error-11202-qps.json'],
  ['spark-http', 'free-quota', 403, 'spark/http-error-11200-noauth.json'],
  ['spark-http', 'balance', 403, 'spark/http-error-11201-daily.json'],
  ['spark-http', 'content-filter', 200, 'spark/http-200-nonzero-code.json'],
]

describe('a platform in some state answers with its own body and status', () => {
  for (const [protocol, code, status, file, model] of states) {
    it(`${protocol} ${code}`, async () => {
      simulator.addFault({ match: { protocol }, fault: { code } })
      const sent = await chat(
        simulator,
        protocol,
        chatBody(protocol, '你好', { model: model ?? chatModels[protocol] }),
      )
      expect(sent.status).toBe(status)
      expect(withoutIds(sent.text)).toEqual(withoutIds(fixture(file)))
      expect(simulator.bill().totals.requests).toBe(0)
    })
  }

  it('baichuan tells its content filter as a finish reason, and bills the prompt', async () => {
    simulator.addFault({ match: { protocol: 'baichuan' }, fault: { code: 'content-filter' } })
    const sent = await chat(simulator, 'baichuan', chatBody('baichuan', '你好', { stream: true }))
    expect(sent.status).toBe(200)
    expect(sent.text).toContain('"finish_reason":"content_filter"')
    expect(simulator.bill().totals).toMatchObject({ requests: 1, inputTokens: 6, outputTokens: 0 })
  })
})

type RequestCase = readonly [
  protocol: string,
  name: string,
  body: JsonObject | string,
  status: number,
  file: string,
]

const long = '长'.repeat(33_000)
const user = (content: string) => [{ role: 'user', content }]

/** Refusals that a request causes by itself. */
const requests: readonly RequestCase[] = [
  [
    'openai',
    'too long',
    { model: 'gpt-like-small', messages: user('长'.repeat(8308)) },
    400,
    'openai-compatible/error-400-too-long.json',
  ],
  [
    'tongyi-compatible',
    'too long',
    { model: 'qwen-vl-ocr', messages: user('长'.repeat(35_000)) },
    400,
    'tongyi/compat-error-400-too-long.json',
  ],
  [
    'tongyi-compatible',
    'unknown model',
    { model: 'qwen-none', messages: user('a') },
    404,
    'tongyi/compat-error-404-model.json',
  ],
  [
    'tongyi-compatible',
    'tool_choice required',
    { ...chatBody('tongyi-compatible', 'a'), tools: [tool('a')], tool_choice: 'required' },
    400,
    'tongyi/compat-error-400-tool-choice.json',
  ],
  [
    'tongyi-compatible',
    'an open Qwen3 model without a stream',
    { model: 'qwen3-32b', messages: user('a') },
    400,
    'tongyi/compat-error-400-thinking.json',
  ],
  [
    'deepseek',
    'unknown model',
    { model: 'gpt-like', messages: user('a') },
    400,
    'deepseek/error-400-model.json',
  ],
  [
    'deepseek',
    'role developer',
    { ...chatBody('deepseek', 'a'), messages: [{ role: 'developer', content: 'a' }] },
    400,
    'deepseek/error-400-role.json',
  ],
  [
    'deepseek',
    'a list of parts',
    {
      ...chatBody('deepseek', 'a'),
      messages: [...user('a'), ...[{ role: 'user', content: [{ type: 'text', text: 'a' }] }]],
    },
    422,
    'deepseek/error-422-parameter.json',
  ],
  [
    'deepseek',
    'a bound beyond the cap',
    { ...chatBody('deepseek', 'a'), max_tokens: 400_000 },
    400,
    'deepseek/error-400-max-tokens.json',
  ],
  [
    'deepseek',
    'a tool that must be called, while thinking',
    { model: 'deepseek-flash', messages: user('a'), tools: [tool('a')], tool_choice: 'required' },
    400,
    'deepseek/error-400-tool-choice.json',
  ],
  [
    'deepseek',
    'a schema',
    {
      ...chatBody('deepseek', 'a'),
      response_format: { type: 'json_schema', json_schema: { name: 'a', schema: {} } },
    },
    400,
    'deepseek/error-400-response-format.json',
  ],
  [
    'deepseek',
    'JSON without the word',
    { ...chatBody('deepseek', 'a'), response_format: { type: 'json_object' } },
    400,
    'deepseek/error-400-json-word.json',
  ],
  [
    'ark',
    'too long',
    { model: 'doubao-1-5-lite-32k-250115', messages: user(long) },
    400,
    'ark/error-400-too-long.json',
  ],
  [
    'ark',
    'unknown endpoint',
    { model: 'ep-20260101000000-abcde', messages: user('a') },
    404,
    'ark/error-404-endpoint.json',
  ],
  [
    'baichuan',
    'too long',
    { model: 'Baichuan4', messages: user(long) },
    400,
    'baichuan/error-400-too-long.json',
  ],
  [
    'baichuan',
    'a bad parameter',
    { ...chatBody('baichuan', 'a'), top_k: -1 },
    400,
    'baichuan/error-400-parameter.json',
  ],
  [
    'modelscope',
    'unknown model',
    { model: 'Qwen/Qwen3-VL', messages: user('a') },
    400,
    'modelscope/error-400-no-provider.json',
  ],
  [
    'qianfan-v2',
    'too long',
    { model: 'ernie-4.5-turbo-32k', messages: user(long) },
    400,
    'qianfan/v2-error-400-too-long.json',
  ],
  ['qianfan-v2', 'broken JSON', '{"model":', 400, 'qianfan/v2-error-400-malformed.json'],
  [
    'qianfan-v2',
    'stop as a string',
    { ...chatBody('qianfan-v2', 'a'), stop: '完' },
    400,
    'qianfan/v2-error-400-malformed.json',
  ],
  [
    'qianfan-v2',
    'unknown model',
    { model: 'ernie-9', messages: user('a') },
    400,
    'qianfan/v2-error-400-model.json',
  ],
  [
    'spark-http',
    'too long',
    { model: 'generalv3', messages: user(long) },
    400,
    'spark/http-error-10907-too-long.json',
  ],
  ['tokenhub', 'no model', { messages: user('a') }, 400, 'hunyuan/tokenhub-error-400.json'],
]

function tool(name: string): JsonObject {
  return { type: 'function', function: { name, parameters: { type: 'object', properties: {} } } }
}

/** Names and numbers of the request stand in some messages. */
function neutral(text: string): string {
  return text
    .replace('Qwen/Qwen3.5-122B-A10B', 'Qwen/Qwen3-VL')
    .replace('[1, 129024]', '[1, 34096]')
    .replaceAll(/\b83\d\d\b/g, 'N')
    .replace('[1, 393216]', '[1, 384000]')
}

describe('a request that the platform would not take is refused in its own words', () => {
  for (const [protocol, name, body, status, file] of requests) {
    it(`${protocol}: ${name}`, async () => {
      const sent = await chat(simulator, protocol, body)
      expect(sent.status, sent.text).toBe(status)
      expect(withoutIds(neutral(sent.text))).toEqual(withoutIds(neutral(fixture(file))))
      expect(simulator.bill().totals.requests).toBe(0)
      expect(simulator.requests()).toMatchObject([{ protocol, outcome: 'refused', status }])
    })
  }

  it.each(protocols)('%s: a key of no account', async (protocol) => {
    const looks: Record<string, string> = {
      ark: 'ark-0000',
      modelscope: 'ms-real',
      'qianfan-v2': 'bce-v3/ALTAK-x/y',
      'spark-http': 'password',
    }
    const sent = await chat(simulator, protocol, chatBody(protocol, 'a'), {
      key: looks[protocol] ?? 'sk-real',
    })
    expect(sent.status).toBe(401)
    expect(simulator.requests()).toMatchObject([{ protocol, outcome: 'refused', status: 401 }])
  })

  it('a key in the look of another platform is no key', async () => {
    expect((await chat(simulator, 'modelscope', chatBody('modelscope', 'a'), { key: 'sk-sim' })).status).toBe(
      401,
    )
    expect((await chat(simulator, 'qianfan-v2', chatBody('qianfan-v2', 'a'), { key: '24.sim' })).status).toBe(
      401,
    )
    const plan = await chat(simulator, 'tongyi-compatible', chatBody('tongyi-compatible', 'a'), {
      key: 'sk-sp-sim',
    })
    expect(plan.text).toContain('invalid access token or token expired')
  })
})

describe('an error inside a stream has the form of the wire sample', () => {
  it.each([
    ['openai', 'openai-compatible/vllm-stream-error-mid.sse.txt'],
    ['tongyi-compatible', 'tongyi/compat-stream-error-mid.sse.txt'],
    ['deepseek', 'deepseek/stream-error-mid.sse.txt'],
    ['ark', 'ark/stream-error-mid.sse.txt'],
    ['baichuan', 'baichuan/stream-error-mid.sse.txt'],
    ['modelscope', 'modelscope/stream-error-mid.sse.txt'],
  ])('%s', async (protocol, file) => {
    simulator.addFault({ fault: { errorAfterChunks: 2 } })
    const sent = await chat(simulator, protocol, chatBody(protocol, '从前', { stream: true }))
    const ending = (text: string) =>
      text
        .replaceAll(uuid, 'ID')
        .replaceAll(/02[0-9a-f]{48,}/g, 'ID')
        .split('"error')
        .at(-1)
    expect(ending(sent.text)).toBe(ending(fixture(file)))
    expect(sent.text.split('\n\n').length).toBeGreaterThan(3)
  })
})
