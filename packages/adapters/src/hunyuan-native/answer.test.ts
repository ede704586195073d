import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callOf, chatRequest, fixture, jsonHead, modelRequest, readStream } from '../../test/support.ts'
import { hunyuanNative } from './index.ts'

const tools = 'hunyuan/native-chat-stream-tool-call.sse.txt'

describe('a whole answer', () => {
  it('is read with and without its wrapper', () => {
    const wrapped = JSON.parse(fixture('hunyuan/native-chat.json').toString()) as { Response: object }
    expect(answer(wrapped.Response)).toEqual(answer(wrapped))
    expect(answer(wrapped)).toMatchObject({
      upstreamId: '00000000-0000-4000-8000-000000000001',
      finishReason: 'stop',
      outputBytes: 27,
      model: undefined,
    })
  })

  it('tells reasoning, and cached tokens that come as text', () => {
    const read = answer({
      Choices: [
        { Message: { Role: 'assistant', Content: '4', ReasoningContent: '先算个位' }, FinishReason: 'stop' },
      ],
      Usage: {
        PromptTokens: 14,
        CompletionTokens: 6,
        TotalTokens: 20,
        PromptTokensDetails: { CachedTokens: '8' },
      },
    })
    expect(read.usage).toEqual({ inputTokens: 6, cachedInputTokens: 8, outputTokens: 6, totalTokens: 20 })
    expect(bodyOf(read)).toMatchObject({
      choices: [{ message: { content: '4', reasoning_content: '先算个位' } }],
      usage: { prompt_tokens: 14, total_tokens: 20, prompt_tokens_details: { cached_tokens: 8 } },
    })
  })

  it('leaves figures unknown that nobody told', () => {
    const read = answer({ Choices: [{ Message: { Content: '4' }, FinishReason: 'stop' }] })
    expect(read.usage).toBeUndefined()
    expect(bodyOf(read)).not.toHaveProperty('usage')
  })

  it('gives ids to tool calls that have none, distinct and of this request', () => {
    const call = { Type: 'function', Function: { Name: 'f', Arguments: '{}' } }
    const read = answer({
      Choices: [{ Message: { Content: '', ToolCalls: [call, call] }, FinishReason: 'tool_calls' }],
    })
    const { requestId } = callOf(hunyuanNative)
    expect(bodyOf(read)).toMatchObject({
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            content: null,
            tool_calls: [{ id: `call_${requestId}_0` }, { id: `call_${requestId}_1` }],
          },
        },
      ],
    })
  })

  it('speaks the old form to whoever asked in it', () => {
    const wrapped = JSON.parse(fixture('hunyuan/native-chat-tool-call.json').toString()) as object
    const read = answer(wrapped, { functions: [{ name: 'get_weather' }] })
    expect(read.finishReason).toBe('function_call')
    const choices = bodyOf(read)['choices']
    expect(choices).toMatchObject([
      {
        finish_reason: 'function_call',
        message: { function_call: { name: 'get_weather', arguments: '{"location":"上海"}' } },
      },
    ])
    expect(JSON.stringify(choices)).not.toContain('tool_calls')
  })
})

describe('a stream', () => {
  it('keeps the id of a tool call that is repeated with an empty name', () => {
    const { chunks, text, reader } = readStream(hunyuanNative, fixture(tools))
    expect(chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? [])).toEqual([
      { index: 0, id: 'call_fixture_1', type: 'function', function: { name: 'get_weather', arguments: '' } },
      { index: 0, type: 'function', function: { arguments: '{"location":"上海"}' } },
    ])
    expect(text).toBe('准备查询上海天气。')
    expect(reader.state).toMatchObject({
      finishReason: 'tool_calls',
      usage: { outputTokens: 20, totalTokens: 26 },
    })
  })

  it('speaks the old form to whoever asked in it', () => {
    const request = chatRequest({ functions: [{ name: 'get_weather' }], stream: true })
    for (const size of [1, 4_096]) {
      const { chunks, reader } = readStream(hunyuanNative, fixture(tools), { request, size })
      const sent = JSON.stringify(chunks)
      expect(sent).toContain('"function_call":{"name":"get_weather","arguments":""}')
      expect(sent).toContain(String.raw`"function_call":{"arguments":"{\"location\":\"上海\"}"}`)
      expect(sent).not.toContain('tool_calls')
      expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('function_call')
      expect(reader.state).toMatchObject({ finishReason: 'function_call', usage: { totalTokens: 26 } })
    }
  })

  it('is read over blank lines that hold a tab, and is whole without [DONE]', () => {
    const bytes = Buffer.from(
      fixture('hunyuan/native-chat-stream.sse.txt').toString().replaceAll('\n\n', '\n\t\n'),
    )
    const { text, reader } = readStream(hunyuanNative, bytes)
    expect(text).toBe('可以试试《三体》。')
    expect(reader.state).toMatchObject({ error: undefined, finishReason: 'stop', usage: { totalTokens: 21 } })
  })

  it('was cut when no frame told why it ended', () => {
    const [first] = fixture('hunyuan/native-chat-stream.sse.txt').toString().split('\n\n')
    const { reader } = readStream(hunyuanNative, Buffer.from(`${first}\n\n`))
    expect(reader.state.error).toMatchObject({ kind: 'upstream_error', upstreamCode: 'stream_cut' })
    expect(reader.state.usage).toEqual({ inputTokens: 14, outputTokens: 1, totalTokens: 15 })
  })

  it('lets an ErrorMsg be that says nothing, and keeps the figures before one that does', () => {
    const frame = (fields: object) => `data: ${JSON.stringify(fields)}\n\n`
    const said = {
      Choices: [{ Delta: { Content: 'a' }, FinishReason: '' }],
      Usage: { PromptTokens: 3, CompletionTokens: 1, TotalTokens: 4 },
    }
    for (const ErrorMsg of [null, {}, { Msg: '', Code: 0 }]) {
      const stream = frame({ ...said, ErrorMsg }) + frame({ Choices: [{ FinishReason: 'stop' }] })
      expect(readStream(hunyuanNative, Buffer.from(stream)).reader.state.error).toBeUndefined()
    }
    const broken =
      frame(said) +
      frame({ Choices: [], Usage: { TotalTokens: 0 }, ErrorMsg: { Msg: '服务内部异常', Code: 4000 } })
    const { state } = readStream(hunyuanNative, Buffer.from(broken)).reader
    expect(state.error).toMatchObject({
      kind: 'upstream_error',
      upstreamCode: '4000',
      message: '服务内部异常',
    })
    expect(state.usage).toEqual({ inputTokens: 3, outputTokens: 1, totalTokens: 4 })
  })
})

describe('embeddings', () => {
  const embeddings = hunyuanNative.embeddings
  if (embeddings === undefined) throw new Error('Hunyuan has embeddings')

  it('take one text or at most 50, and nothing that is no text', () => {
    expect(embeddings.inputsMax?.(callOf(hunyuanNative))).toBe(50)
    const request = (body: Record<string, unknown>) =>
      embeddings.request(modelRequest(body), callOf(hunyuanNative))
    expect(request({ input: '你好' })).toMatchObject({
      body: '{"InputList":["你好"]}',
      headers: { 'x-tc-action': 'GetEmbedding' },
    })
    for (const input of [[1, 2], [[1]], [], '', ['a', ''], undefined]) {
      expect(request({ input })).toMatchObject({
        ok: false,
        error: { kind: 'invalid_request', param: 'input' },
      })
    }
  })

  it('are of one size, and no other is promised', () => {
    const request = (dimensions: unknown) =>
      embeddings.request(modelRequest({ input: 'a', dimensions }), callOf(hunyuanNative))
    expect(request(1024)).toMatchObject({ body: '{"InputList":["a"]}' })
    expect(request(null)).toMatchObject({ body: '{"InputList":["a"]}' })
    expect(request(512)).toMatchObject({ ok: false, error: { kind: 'invalid_request', param: 'dimensions' } })
  })

  it('come in the order of the inputs, whatever their indices say', () => {
    const order = (indices: readonly unknown[]) => {
      const Data = indices.map((Index, at) => ({ Embedding: [at], Index, Object: 'embedding' }))
      const read = embeddings.answer(
        jsonHead(200),
        json({ Response: { Data } }),
        modelRequest({}),
        callOf(hunyuanNative),
      )
      if (!read.ok) throw read.error
      return (JSON.parse(String(read.body)) as { data: { embedding: number[] }[] }).data.map(
        ({ embedding }) => embedding[0],
      )
    }
    expect(order([0, 1, 2])).toEqual([0, 1, 2])
    expect(order([2, 0, 1])).toEqual([1, 2, 0])
    // Always 0, as the SDK says, or not told.
    expect(order([0, 0, 0])).toEqual([0, 1, 2])
    expect(order([null, undefined, 'x'])).toEqual([0, 1, 2])
  })

  it.each([{}, { Data: [] }, { Data: [{ Embedding: null }] }, { Data: [[]] }, { Data: 7 }])(
    'are an error without vectors: %o',
    (Response) => {
      const read = embeddings.answer(
        jsonHead(200),
        json({ Response }),
        modelRequest({}),
        callOf(hunyuanNative),
      )
      expect(read).toMatchObject({ ok: false, error: { kind: 'upstream_error' } })
    },
  )
})

it('reads anything of any type without throwing', () => {
  const fields = [
    'Response',
    'Choices',
    'Message',
    'Delta',
    'Content',
    'ReasoningContent',
    'ToolCalls',
    'Function',
  ]
    .concat(['Name', 'Arguments', 'Index', 'Id', 'FinishReason', 'Usage', 'PromptTokens', 'CompletionTokens'])
    .concat([
      'PromptTokensDetails',
      'CachedTokens',
      'Error',
      'ErrorMsg',
      'Code',
      'Msg',
      'Data',
      'Embedding',
      'TokenCount',
    ])
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom(null, '', 'stop', 0, 1, -1, 0.5, true, '12'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...fields), tie('value'), { maxKeys: 6 }),
    ),
  }))
  fc.assert(
    fc.property(value, (given) => {
      const call = callOf(hunyuanNative)
      const bytes = json(given)
      const read = hunyuanNative.chat.answer(jsonHead(200), bytes, chatRequest({}), call)
      if (read.ok) JSON.parse(String(read.body))
      expect(hunyuanNative.chat.refusal(jsonHead(200), bytes, call).message).not.toBe('')
      hunyuanNative.embeddings?.answer(jsonHead(200), bytes, modelRequest({}), call)
      hunyuanNative.probe.read(jsonHead(200), bytes, call)
      const { state } = readStream(hunyuanNative, Buffer.from(`data: ${bytes.toString()}\n\n`)).reader
      expect(state.error !== undefined || state.finishReason !== undefined).toBe(true)
    }),
    { numRuns: 500, seed: 17 },
  )
})

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}

function answer(value: object, body: Record<string, unknown> = {}) {
  const read = hunyuanNative.chat.answer(jsonHead(200), json(value), chatRequest(body), callOf(hunyuanNative))
  if (!read.ok) throw read.error
  return read
}

function bodyOf(read: ReturnType<typeof answer>): Record<string, unknown> {
  return JSON.parse(String(read.body)) as Record<string, unknown>
}
