import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callOf, chatRequest, fixture, jsonHead, readStream } from '../../test/support.ts'
import { tongyiNative } from './index.ts'

const call = callOf(tongyiNative, { upstreamModel: 'qwen-plus' })
const request = chatRequest({ messages: [{ role: 'user', content: 'hi' }] })

describe('DashScope’s streams', () => {
  it('are folded into one answer where a model only streams, whatever the content type says', () => {
    const stream = fixture('tongyi/native-chat-stream-tool-call.sse.txt')
    const answer = tongyiNative.chat.answer({ status: 200, headers: {} }, stream, request, call)
    if (!answer.ok) throw answer.error
    expect(JSON.parse(String(answer.body))).toMatchObject({
      id: 'chatcmpl-6f1e0c52-93aa-9d1b-8a77-5b0c41d2e901',
      object: 'chat.completion',
      usage: { prompt_tokens: 210, completion_tokens: 33, total_tokens: 243 },
    })
    expect(answer.upstreamId).toBe('6f1e0c52-93aa-9d1b-8a77-5b0c41d2e901')
  })

  it('tell the status of a failure in a comment', () => {
    const { state } = readStream(tongyiNative, fixture('tongyi/native-stream-error-mid.sse.txt')).reader
    expect(state.error).toMatchObject({ kind: 'content_filter', status: 400 })
  })

  it('may repeat tool calls in every frame', () => {
    const frames = ['{"a":', '{"a":"b', '{"a":"bc"}'].map((json, at) =>
      toolFrame(json, at === 2 ? 'stop' : 'null'),
    )
    const { reader, chunks } = readStream(tongyiNative, Buffer.from(frames.join('')))
    const pieces = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? [])
    const json = pieces.map((piece) => (piece['function'] as { arguments: string }).arguments).join('')
    expect(json).toBe('{"a":"bc"}')
    expect(reader.state.finishReason).toBe('tool_calls')
  })

  it('pass log probabilities on, streamed, whole and folded', () => {
    const logprobs = (token: string) => ({
      content: [{ token, logprob: -0.5, bytes: null, top_logprobs: [] }],
    })
    const stream = Buffer.from(
      textFrame('你', { logprobs: logprobs('你') }) +
        textFrame('好', { logprobs: logprobs('好'), finish_reason: 'stop' }),
    )
    const { chunks } = readStream(tongyiNative, stream)
    expect(chunks.map(({ choices }) => choices[0])).toMatchObject([
      {},
      { logprobs: logprobs('你') },
      { logprobs: logprobs('好') },
    ])

    const folded = tongyiNative.chat.answer({ status: 200, headers: {} }, stream, request, call)
    const both = [...logprobs('你').content, ...logprobs('好').content]
    expect(choiceOf(folded)).toMatchObject({ message: { content: '你好' }, logprobs: { content: both } })

    const choice = { message: { content: '你' }, finish_reason: 'stop', logprobs: logprobs('你') }
    const whole = Buffer.from(JSON.stringify({ output: { choices: [choice] } }))
    expect(choiceOf(tongyiNative.chat.answer(jsonHead(200), whole, request, call))).toMatchObject({
      logprobs: logprobs('你'),
    })
  })

  it('give out what was held back when they break off', () => {
    const { reader, text } = readStream(tongyiNative, Buffer.from(textFrame('a') + textFrame('ab')))
    expect(text).toBe('aab')
    expect(reader.state.error).toMatchObject({ kind: 'upstream_error', upstreamCode: 'stream_cut' })
  })

  it('count pictures as input, and say so to the client', () => {
    const { state } = readStream(tongyiNative, fixture('tongyi/native-vl-stream.sse.txt')).reader
    expect(JSON.parse(state.usageJson ?? '')).toEqual({
      prompt_tokens: 1247,
      completion_tokens: 3,
      total_tokens: 1250,
      prompt_tokens_details: { image_tokens: 1220, text_tokens: 27 },
      completion_tokens_details: { text_tokens: 3 },
    })
  })

  it('need no total: it is the sum of both', () => {
    const usage = {
      input_tokens: 7,
      output_tokens: 2,
      image_tokens: 5,
      output_tokens_details: { reasoning_tokens: 1 },
    }
    const { state } = readStream(
      tongyiNative,
      Buffer.from(textFrame('好', { finish_reason: 'stop' }, usage)),
    ).reader
    expect(state.usage).toEqual({ inputTokens: 7, outputTokens: 1, reasoningTokens: 1, totalTokens: 9 })
  })
})

describe('DashScope’s answers', () => {
  it('carry what a plugin did in their usage', () => {
    const answer = tongyiNative.chat.answer(
      jsonHead(200),
      fixture('tongyi/native-chat-search.json'),
      request,
      call,
    )
    if (!answer.ok) throw answer.error
    expect(JSON.parse(String(answer.body))).toMatchObject({ usage: { plugins: { search: { count: 1 } } } })
  })

  it.each([
    ['no JSON', 'hello', 'unreadable_answer'],
    ['a list', '[]', 'unreadable_answer'],
    ['nothing', '{"output":{"choices":[]},"usage":{}}', 'empty_answer'],
    ['no output', '{"request_id":"r-1"}', 'empty_answer'],
  ])('with %s are failures', (_what, body, upstreamCode) => {
    const answer = tongyiNative.chat.answer(jsonHead(200), Buffer.from(body), request, call)
    expect(answer).toMatchObject({ ok: false, error: { kind: 'upstream_error', upstreamCode } })
  })

  it('never make a reader throw, whatever stands in their fields', () => {
    const json = fc.jsonValue({ maxDepth: 2 })
    const message = fc.record(
      {
        content: json,
        reasoning_content: json,
        tool_calls: fc.oneof(json, fc.array(fc.record({ index: json, id: json, function: json }))),
      },
      { requiredKeys: [] },
    )
    const choice = fc.record(
      { message: fc.oneof(json, message), finish_reason: json, logprobs: json },
      { requiredKeys: [] },
    )
    const output = fc.record(
      { choices: fc.oneof(json, fc.array(choice)), text: json, embeddings: json },
      { requiredKeys: [] },
    )
    const answer = fc.record(
      {
        output: fc.oneof(json, output),
        usage: json,
        code: json,
        message: json,
        error: json,
        request_id: json,
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(answer, fc.constantFrom('result', 'error'), (said, name) => {
        const body = Buffer.from(JSON.stringify(said))
        const frames = Buffer.from(`event:${name}\n:HTTP_STATUS/oops\ndata:${body.toString()}\n\n`.repeat(2))
        const { state } = readStream(tongyiNative, frames).reader
        expect(state.error !== undefined || state.complete || state.finishReason !== undefined).toBe(true)
        expect(tongyiNative.chat.answer(jsonHead(200), body, request, call).ok).toBeTypeOf('boolean')
        expect(tongyiNative.embeddings?.answer(jsonHead(200), body, request, call).ok).toBeTypeOf('boolean')
        expect(tongyiNative.chat.refusal(jsonHead(500), frames, call).message).not.toBe('')
      }),
    )
  })
})

function textFrame(content: string, choice: Record<string, unknown> = {}, usage?: unknown): string {
  const choices = [{ message: { role: 'assistant', content }, finish_reason: 'null', ...choice }]
  return `event:result\n:HTTP_STATUS/200\ndata:${JSON.stringify({ output: { choices }, usage })}\n\n`
}

function toolFrame(json: string, finish_reason: string): string {
  const toolCall = { index: 0, id: 'call_1', type: 'function', function: { name: 'f', arguments: json } }
  return textFrame('', { message: { role: 'assistant', content: '', tool_calls: [toolCall] }, finish_reason })
}

function choiceOf(answer: ReturnType<typeof tongyiNative.chat.answer>): unknown {
  if (!answer.ok) throw answer.error
  return (JSON.parse(String(answer.body)) as { choices: unknown[] }).choices[0]
}
