import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { chat, chatBody, chatModels, endpointOf, send } from '../testing/client.ts'
import { platforms } from './index.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
afterAll(() => simulator.close())

const said = (role: string, content: unknown = 'a', more: JsonObject = {}) => ({ role, content, ...more })
const tool = (name = 'get_weather') => ({
  type: 'function',
  function: { name, parameters: { type: 'object' } },
})
const call = { id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{}' } }
const image = [
  { type: 'text', text: 'a' },
  { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
]
const toolTurn = [
  said('user'),
  said('assistant', null, { tool_calls: [call] }),
  said('tool', 'x', { tool_call_id: 'c1' }),
]

/** The same turn with what the model thought before it called. */
const thoughtTurn = (thought: string) => [
  said('user'),
  said('assistant', null, { tool_calls: [call], reasoning_content: thought }),
  said('tool', 'x', { tool_call_id: 'c1' }),
]
const on = { type: 'enabled' }
const choose = { type: 'function', function: { name: 'get_weather' } }

type Extra = readonly [what: string, more: JsonObject]

/** What each platform refuses, by its sheet; the body is good but for this. */
const refused: Readonly<Record<string, readonly Extra[]>> = {
  openai: [
    ['temperature above 2', { temperature: 2.1 }],
    ['a temperature that is a text', { temperature: '1' }],
    ['max_tokens above the cap', { max_tokens: 16_385 }],
    ['max_tokens of 0', { max_tokens: 0 }],
    ['both limits', { max_tokens: 5, max_completion_tokens: 5 }],
    ['stream_options without a stream', { stream_options: { include_usage: true } }],
    ['an unknown stream option', { stream: true, stream_options: { chunk_include_usage: true } }],
    ['no messages', { messages: [] }],
    ['messages that are no list', { messages: 'a' }],
    ['a message without content', { messages: [{ role: 'user' }] }],
    ['an unknown role', { messages: [said('robot')] }],
    ['a tool result without a call', { messages: [said('tool', 'x', { tool_call_id: 'c1' })] }],
    ['a tool_choice without tools', { tool_choice: 'required' }],
    [
      'a tool_choice of no tool',
      { tools: [tool()], tool_choice: { type: 'function', function: { name: 'b' } } },
    ],
    ['an empty list of tools', { tools: [] }],
    ['a function name with a space', { tools: [tool('get weather')] }],
    ['five stop texts', { stop: ['a', 'b', 'c', 'd', 'e'] }],
    ['several answers', { n: 2 }],
    ['a schema without a name', { response_format: { type: 'json_schema', json_schema: {} } }],
    ['the functions of old', { functions: [] }],
  ],
  deepseek: [
    ['temperature above 2', { temperature: 2.1 }],
    ['max_completion_tokens', { max_completion_tokens: 5 }],
    ['max_tokens above the cap', { max_tokens: 384_001 }],
    ['n', { n: 1 }],
    ['seed', { seed: 1 }],
    ['user', { user: 'u' }],
    ['parallel_tool_calls', { parallel_tool_calls: true }],
    ['the functions of old', { functions: [] }],
    ['an effort of none', { reasoning_effort: 'none' }],
    ['thinking left to the model', { thinking: { type: 'auto' } }],
    ['17 stop texts', { stop: Array(17).fill('zz') }],
    ['role developer', { messages: [said('developer'), said('user')] }],
    ['parts', { messages: [said('user', [{ type: 'text', text: 'a' }])] }],
    ['tool_choice required while thinking', { thinking: on, tools: [tool()], tool_choice: 'required' }],
    ['a named tool while thinking', { thinking: on, tools: [tool()], tool_choice: choose }],
    ['a tool turn without its thinking', { thinking: on, messages: toolTurn, tools: [tool()] }],
    ['a tool turn with empty thinking', { thinking: on, messages: thoughtTurn(''), tools: [tool()] }],
    ['json_schema', { response_format: { type: 'json_schema', json_schema: { name: 'a', schema: {} } } }],
    ['json_object without the word', { response_format: { type: 'json_object' } }],
    [
      'a prompt and a bound beyond the context',
      { messages: [said('user', '长'.repeat(700_000))], max_tokens: 384_000 },
    ],
  ],
  'tongyi-compatible': [
    ['temperature 2', { temperature: 2 }],
    ['top_p 0', { top_p: 0 }],
    ['max_tokens above the cap', { max_tokens: 32_769 }],
    ['tool_choice required', { tools: [tool()], tool_choice: 'required' }],
    [
      'a named tool while thinking',
      {
        tools: [tool()],
        tool_choice: { type: 'function', function: { name: 'get_weather' } },
        enable_thinking: true,
      },
    ],
    ['frequency_penalty', { frequency_penalty: 0 }],
    ['user', { user: 'u' }],
    ['logit_bias', { logit_bias: {} }],
    ['metadata', { metadata: {} }],
    ['logprobs on a closed model', { logprobs: true }],
    ['role developer', { messages: [said('developer'), said('user')] }],
    ['system after the first message', { messages: [said('user'), said('system'), said('user')] }],
    ['an assistant at the end', { messages: [said('user'), said('assistant')] }],
    ['json_object without the word', { response_format: { type: 'json_object' } }],
    ['a picture for a text model', { messages: [said('user', image)] }],
    ['no stream on qwq', { model: 'qwq-plus' }],
    ['tools on qwen-long', { model: 'qwen-long', tools: [tool()] }],
  ],
  ark: [
    ['both limits', { max_tokens: 5, max_completion_tokens: 5 }],
    ['max_completion_tokens above 65,536', { max_completion_tokens: 65_537 }],
    ['top_p 0', { top_p: 0 }],
    ['five stop texts', { stop: ['a', 'b', 'c', 'd', 'e'] }],
    ['stop on a deep-thinking model', { model: 'doubao-seed-1-6-251015', stop: ['a'] }],
    ['logprobs on a deep-thinking model', { model: 'doubao-seed-1-6-251015', logprobs: true }],
    ['a penalty from Seed 1.8 on', { model: 'doubao-seed-1-8-251228', presence_penalty: 0.5 }],
    ['tool_choice required before Seed 1.6', { tools: [tool()], tool_choice: 'required' }],
    ['an unknown thinking type', { thinking: { type: 'on' } }],
    ['an unknown reasoning effort', { reasoning_effort: 'huge' }],
  ],
  baichuan: [
    ['temperature above 1', { temperature: 1.1 }],
    ['top_p 1', { top_p: 1 }],
    ['max_tokens above 2,048', { max_tokens: 2049 }],
    ['stream_options', { stream: true, stream_options: { include_usage: true } }],
    ['stop', { stop: ['a'] }],
    ['seed', { seed: 1 }],
    ['n', { n: 1 }],
    ['user', { user: 'u' }],
    ['presence_penalty', { presence_penalty: 0 }],
    ['max_completion_tokens', { max_completion_tokens: 5 }],
    ['json_schema', { response_format: { type: 'json_schema', json_schema: { name: 'a', schema: {} } } }],
    ['system on the second line', { model: 'Baichuan2-Turbo', messages: [said('system'), said('user')] }],
    ['parts on a text model', { messages: [said('user', [{ type: 'text', text: 'a' }])] }],
    ['role developer', { messages: [said('developer'), said('user')] }],
  ],
  modelscope: [
    ['temperature above 2', { temperature: 2.5 }],
    ['role developer', { messages: [said('developer'), said('user')] }],
    ['thinking without a stream on Qwen3', { model: 'Qwen/Qwen3-235B-A22B' }],
    ['no messages', { messages: [] }],
  ],
  'qianfan-v2': [
    ['temperature 0', { temperature: 0 }],
    ['temperature above 1', { temperature: 1.2 }],
    ['stop as a text', { stop: 'a' }],
    ['five stop texts', { stop: ['a', 'b', 'c', 'd', 'e'] }],
    ['a long stop text', { stop: ['a'.repeat(21)] }],
    ['stop on X1', { model: 'ernie-x1.1', stop: ['a'] }],
    ['penalty_score below 1', { penalty_score: 0.5 }],
    ['seed 0', { seed: 0 }],
    ['n', { n: 1 }],
    ['logprobs', { logprobs: true }],
    ['an unknown field', { enable_search: true }],
    ['max_tokens above the cap', { max_tokens: 12_289 }],
    ['two turns of the user', { messages: [said('user'), said('user')] }],
    ['an empty content', { messages: [said('user', '')] }],
    ['role developer', { messages: [said('developer'), said('user')] }],
  ],
  'hunyuan-openai': [
    [
      '41 messages',
      { messages: Array.from({ length: 41 }, (_, index) => said(index % 2 === 0 ? 'user' : 'assistant')) },
    ],
    ['system after the first message', { messages: [said('user'), said('system'), said('user')] }],
    ['two turns of the user', { messages: [said('user'), said('user')] }],
    ['an assistant at the end', { messages: [said('user'), said('assistant')] }],
    ['an assistant at the beginning', { messages: [said('assistant'), said('user')] }],
    [
      'thinking sent back',
      { messages: [said('user'), said('assistant', 'a', { reasoning_content: 'b' }), said('user')] },
    ],
    ['an empty content', { messages: [said('user', '')] }],
    ['seed 0', { seed: 0 }],
    ['seed above 10,000', { seed: 10_001 }],
    ['response_format', { response_format: { type: 'json_object' } }],
    ['frequency_penalty', { frequency_penalty: 0 }],
    ['n', { n: 1 }],
    ['parallel_tool_calls', { parallel_tool_calls: true }],
    ['tool_choice required', { tools: [tool()], tool_choice: 'required' }],
    ['max_tokens above the cap', { max_tokens: 16_001 }],
  ],
  tokenhub: [
    ['an effort of another family', { reasoning_effort: 'medium' }],
    ['temperature above 2', { temperature: 2.5 }],
    ['role developer', { messages: [said('developer'), said('user')] }],
    ['max_tokens above the cap', { max_tokens: 128_001 }],
  ],
  'spark-http': [
    ['stream_options', { stream: true, stream_options: { include_usage: true } }],
    ['stop', { stop: ['a'] }],
    ['seed', { seed: 1 }],
    ['n', { n: 1 }],
    ['parallel_tool_calls', { parallel_tool_calls: true }],
    ['max_completion_tokens', { max_completion_tokens: 5 }],
    ['top_k 7', { top_k: 7 }],
    ['a negative penalty', { presence_penalty: -1 }],
    ['frequency_penalty above 1', { frequency_penalty: 1.5 }],
    ['max_tokens above the cap', { model: 'lite', max_tokens: 4097 }],
    ['system on Lite', { model: 'lite', messages: [said('system'), said('user')] }],
    ['tools on Pro', { model: 'generalv3', tools: [tool()] }],
    ['a function name with a dash', { tools: [tool('get-weather')] }],
    ['a long function name', { tools: [tool('a'.repeat(33))] }],
    ['json_schema', { response_format: { type: 'json_schema', json_schema: { name: 'a', schema: {} } } }],
    ['two turns of the user', { messages: [said('user'), said('user')] }],
    ['system after the first message', { messages: [said('user'), said('system'), said('user')] }],
    ['parts', { messages: [said('user', [{ type: 'text', text: 'a' }])] }],
  ],
}

/** What each platform takes, so that strictness does not turn into refusing everything. */
const taken: Readonly<Record<string, readonly Extra[]>> = {
  openai: [
    ['an unknown field', { x_custom: { a: 1 } }],
    ['role developer', { messages: [said('developer'), said('user')] }],
    ['a picture', { messages: [said('user', image)] }],
    ['a tool turn', { messages: toolTurn, tools: [tool()] }],
    ['a bare stop', { stop: 'zzz' }],
  ],
  deepseek: [
    ['an unknown field', { user_id: 'u' }],
    ['an older name', { model: 'deepseek-v4-flash' }],
    ['tool_choice required without thinking', { tools: [tool()], tool_choice: 'required' }],
    ['tool_choice auto while thinking', { thinking: on, tools: [tool()], tool_choice: 'auto' }],
    ['a tool turn without its thinking, without thinking', { messages: toolTurn, tools: [tool()] }],
    ['a tool turn with its thinking', { thinking: on, messages: thoughtTurn('b'), tools: [tool()] }],
    [
      'thinking sent back',
      { messages: [said('user'), said('assistant', 'a', { reasoning_content: 'b' }), said('user')] },
    ],
    [
      'json_object with the word',
      { messages: [said('user', 'as JSON')], response_format: { type: 'json_object' } },
    ],
    ['an effort of its own', { thinking: on, reasoning_effort: 'max' }],
    ['16 stop texts', { stop: Array(16).fill('zz') }],
  ],
  'tongyi-compatible': [
    ['temperature 1.99', { temperature: 1.99 }],
    [
      'a named tool',
      { tools: [tool()], tool_choice: { type: 'function', function: { name: 'get_weather' } } },
    ],
    ['a started answer', { messages: [said('user'), said('assistant', 'a', { partial: true })] }],
    ['a picture for a vision model', { model: 'qwen3-vl-plus', messages: [said('user', image)] }],
    ['Qwen3 told not to think', { model: 'qwen3-32b', enable_thinking: false }],
  ],
  ark: [
    ['role developer', { messages: [said('developer'), said('user')] }],
    ['an endpoint', { model: 'ep-20260101000000-simch' }],
    ['user and seed', { user: 'u', seed: 7 }],
    [
      'tool_choice required from Seed 1.6',
      { model: 'doubao-seed-1-6-251015', tools: [tool()], tool_choice: 'required' },
    ],
  ],
  baichuan: [
    ['top_k above 20', { top_k: 30 }],
    ['web search', { tools: [{ type: 'web_search', web_search: { enable: true } }] }],
    ['system', { messages: [said('system'), said('user')] }],
  ],
  modelscope: [['an unknown field', { x_custom: 1 }]],
  'qianfan-v2': [
    ['temperature 1', { temperature: 1 }],
    ['a list of stops', { stop: ['zzz'] }],
    ['both limits', { max_tokens: 5, max_completion_tokens: 6 }],
    ['two turns of the user, not on ERNIE', { model: 'qianfan-8b', messages: [said('user'), said('user')] }],
  ],
  'hunyuan-openai': [
    [
      '40 messages',
      {
        messages: [
          said('system'),
          ...Array.from({ length: 39 }, (_, index) => said(index % 2 === 0 ? 'user' : 'assistant')),
        ],
      },
    ],
    ['a tool turn', { messages: toolTurn, tools: [tool()] }],
    ['a prompt longer than the context, cut', { messages: [said('user', '长'.repeat(33_000))] }],
  ],
  tokenhub: [['a level of its own', { reasoning_effort: 'no_think' }]],
  'spark-http': [
    ['top_k 6', { top_k: 6 }],
    ['web search off', { tools: [{ type: 'web_search', web_search: { enable: false } }] }],
    ['a tool turn', { messages: toolTurn, tools: [tool()] }],
  ],
}

it('every platform that is asked as OpenAI is has a model in the suites that go over all of them', () => {
  const asked = platforms.filter(({ operations }) =>
    operations.some(({ kind, path }) => kind === 'chat' && path.endsWith('/chat/completions')),
  )
  expect(Object.keys(chatModels).sort()).toEqual(asked.map(({ protocol }) => protocol).sort())
})

for (const protocol of Object.keys(chatModels)) {
  describe(`${protocol} refuses`, () => {
    for (const [what, more] of refused[protocol] ?? []) {
      it(what, async () => {
        const sent = await chat(simulator, protocol, { ...chatBody(protocol, 'a'), ...more })
        expect(sent.status, sent.text).toBeGreaterThanOrEqual(400)
        // For the reason given, not because the test named a model or key that is not there.
        expect(sent.text).not.toMatch(/does not exist|no provider|invalid_model|10404|not found|API key/)
      })
    }
  })
  describe(`${protocol} takes`, () => {
    for (const [what, more] of taken[protocol] ?? []) {
      it(what, async () => {
        const sent = await chat(simulator, protocol, { ...chatBody(protocol, 'a'), ...more })
        expect(sent.status, sent.text).toBe(200)
      })
    }
  })
}

describe('embeddings refuse', () => {
  const cases: readonly (readonly [protocol: string, what: string, body: JsonObject])[] = [
    ['tongyi-compatible', 'base64', { model: 'text-embedding-v4', input: 'a', encoding_format: 'base64' }],
    ['tongyi-compatible', '11 texts', { model: 'text-embedding-v4', input: Array(11).fill('a') }],
    [
      'tongyi-compatible',
      'a size that is not offered',
      { model: 'text-embedding-v3', input: 'a', dimensions: 2048 },
    ],
    ['ark', 'a number', { model: 'ep-20260101000000-simem', input: [1, 2] }],
    ['ark', 'a retired model', { model: 'doubao-embedding-text-240715', input: 'a' }],
    ['baichuan', '17 texts', { model: 'Baichuan-Text-Embedding', input: Array(17).fill('a') }],
    ['baichuan', 'dimensions', { model: 'Baichuan-Text-Embedding', input: 'a', dimensions: 1024 }],
    [
      'baichuan',
      'encoding_format',
      { model: 'Baichuan-Text-Embedding', input: 'a', encoding_format: 'float' },
    ],
    [
      'modelscope',
      'an encoding that is neither',
      { model: 'Qwen/Qwen3-Embedding-8B', input: 'a', encoding_format: 'hex' },
    ],
    ['qianfan-v2', 'a text that is too long', { model: 'embedding-v1', input: '长'.repeat(385) }],
    ['qianfan-v2', 'two texts for tao-8k', { model: 'tao-8k', input: ['a', 'b'] }],
    ['hunyuan-openai', 'dimensions', { model: 'hunyuan-embedding', input: 'a', dimensions: 1024 }],
    ['openai', 'an empty text', { model: 'embed-like', input: [''] }],
    ['openai', 'a chat model', { model: 'gpt-like', input: 'a' }],
  ]
  for (const [protocol, what, body] of cases) {
    it(`${protocol}: ${what}`, async () => {
      expect((await send(simulator, protocol, '/embeddings', body)).status).toBeGreaterThanOrEqual(400)
    })
  }
})

describe('paths', () => {
  it.each([
    ['baichuan', '/models'],
    ['spark-http', '/models'],
    ['hunyuan-openai', '/models'],
  ])('%s has no %s', async (protocol, path) => {
    expect((await fetch(endpointOf(simulator, protocol).baseUrl + path)).status).toBe(404)
  })

  it('spark serves spark-x on /v2 and /x2 and the others on /v1 only', async () => {
    const body = (model: string) => ({ model, messages: [said('user')] })
    const code = async (base: string, model: string) =>
      (await chat(simulator, 'spark-http', body(model), { base: simulator.url + base })).json['code']
    expect(await code('/spark/v1', 'spark-x')).toBe(10404)
    expect(await code('/spark/v2', 'spark-x')).toBe(0)
    expect(await code('/spark/x2', '4.0Ultra')).toBe(10404)
  })

  it('qianfan takes an appid of the account and no other', async () => {
    const body = chatBody('qianfan-v2', 'a')
    const status = async (appid: string) =>
      (await chat(simulator, 'qianfan-v2', body, { headers: { appid } })).status
    expect(await status('app-sim1')).toBe(200)
    expect(await status('app-other')).toBe(401)
  })
})
