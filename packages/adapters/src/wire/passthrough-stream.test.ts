import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunksOf, readByAppending } from '../conformance/clients.ts'
import { plainState } from '../conformance/read-stream.ts'
import type { Call, ChatStreamState } from '../contract/index.ts'
import { passthroughStream } from './passthrough-stream.ts'

const call: Call = {
  credentials: {},
  baseUrl: 'http://upstream.test/v1',
  options: {},
  upstreamModel: 'upstream-model',
  requestId: 'r1',
  nowMs: 1_767_225_600_000,
}

interface Reading {
  readonly events: string
  readonly state: ChatStreamState
  /** Sizes of what the sink got, call by call. */
  readonly calls: number
}

function read(...parts: (string | Uint8Array)[]): Reading {
  let events = ''
  let calls = 0
  const reader = passthroughStream(
    { status: 200, headers: {} },
    (piece) => {
      calls++
      events += typeof piece === 'string' ? piece : Buffer.from(piece).toString('utf8')
    },
    call,
    { errors: [] },
  )
  for (const part of parts) reader.push(typeof part === 'string' ? Buffer.from(part) : part)
  reader.end()
  return { events, state: reader.state, calls }
}

const head = { id: 'c1', object: 'chat.completion.chunk', created: 1767225600, model: 'm' }

function event(choice: Record<string, unknown>, rest: Record<string, unknown> = {}): string {
  return `data: ${JSON.stringify({ ...head, choices: [{ index: 0, finish_reason: null, ...choice }], ...rest })}\n\n`
}

const text = (content: string, rest = {}) => event({ delta: { content } }, rest)
const first = event({ delta: { role: 'assistant', content: '' } })
const stop = event({ delta: {}, finish_reason: 'stop' })
const done = 'data: [DONE]\n\n'
const piece = (toolCall: unknown) => event({ delta: { tool_calls: [toolCall] } })

describe('what a clean stream costs', () => {
  const body = first + Array.from({ length: 50 }, (_, i) => text(` word${i}`)).join('') + stop

  it('is one view on the received bytes, which is all of them but the end mark', () => {
    const bytes = Buffer.from(body + done)
    const got: (Uint8Array | string)[] = []
    const reader = passthroughStream({ status: 200, headers: {} }, (events) => got.push(events), call, {
      errors: [],
    })
    reader.push(bytes)
    expect(got).toHaveLength(1)
    const [view] = got
    expect(
      typeof view === 'object' && view.buffer === bytes.buffer && view.byteOffset === bytes.byteOffset,
    ).toBe(true)
    expect(Buffer.from(view ?? '').toString()).toBe(body)
  })

  it('counts text exactly, escapes and wide characters too', () => {
    const words = ['plain', '\n\t"quoted"\\', '中文', '😀', '\u0001', '\ud800']
    const chunks = words.map((word) => text(word)).join('') + text('中文').replace('中', '\\u4e2d')
    const { state } = read(first + text('warm') + chunks + stop)
    expect(state.outputBytes).toBe(Buffer.byteLength(`warm${words.join('')}中文`))
  })
})

describe('memory that was handed over', () => {
  it('is never written again, neither for rewritten events nor for held ones', () => {
    const kept: Buffer[] = []
    const copies: string[] = []
    const reader = passthroughStream(
      { status: 200, headers: {} },
      (events) => {
        const view = Buffer.isBuffer(events) ? events : Buffer.from(events)
        kept.push(view)
        copies.push(view.toString())
      },
      call,
      { errors: [] },
    )
    for (let i = 0; i < 40; i++) {
      // The repeated role makes every event a rewritten one.
      const bytes = Buffer.from(event({ delta: { role: 'assistant', content: `word ${i}` } }).repeat(3))
      reader.push(bytes.subarray(0, 100 + i))
      reader.push(bytes.subarray(100 + i))
    }
    expect(kept.map(String)).toEqual(copies)
  })
})

describe('usage', () => {
  const usage = (total: number) => ({ prompt_tokens: 3, completion_tokens: total - 3, total_tokens: total })

  it('is replaced, never summed, and a falling total keeps the larger one, in one push and in many', () => {
    const totals = [5, 9, 7, 8]
    const events = totals.map((total) => text('x', { usage: usage(total) }))
    for (const parts of [events, [events.join('')]]) {
      const { events: out, state } = read(first, ...parts, stop)
      expect(state.usage).toEqual({ inputTokens: 3, outputTokens: 6, totalTokens: 9 })
      expect(out).not.toContain('usage')
    }
  })

  it('is not taken from null, nor from an empty object, nor made up', () => {
    const { state } = read(first, text('x', { usage: null }), text('y', { usage: {} }), stop, done)
    expect(state.usage).toBeUndefined()
    expect(state.usageJson).toBeUndefined()
  })

  it('believes zeros where nothing better came', () => {
    const { state } = read(
      first,
      text('x', { usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } }),
      stop,
    )
    expect(state.usage).toEqual({ inputTokens: 0, outputTokens: 0, totalTokens: 0 })
  })

  it('reads the figures of a stream without choices in its last chunks', () => {
    const { events, state } = read(
      first,
      text('x'),
      stop,
      `data: {"id":"c1","usage":${JSON.stringify(usage(4))}}\n\n`,
      done,
    )
    expect(state.usage?.totalTokens).toBe(4)
    expect(chunksOf(events)).toHaveLength(3)
  })
})

describe('tool calls', () => {
  const named = (id: string | undefined, index: number | undefined, args: unknown, name?: string) => ({
    ...(index === undefined ? {} : { index }),
    ...(id === undefined ? {} : { id }),
    type: 'function',
    function: { ...(name === undefined ? {} : { name }), arguments: args },
  })
  const callsOf = (events: string) =>
    (
      readByAppending(chunksOf(events))['tool_calls'] as {
        id: string
        function: { name: string; arguments: string }
      }[]
    ).map(({ id, function: fn }) => [id, fn.name, fn.arguments])

  it.each([
    [
      'ids and names repeated in each piece',
      [named('a', 0, '{"x"', 'f'), named('a', 0, ':1', 'f'), named('a', 0, '}', 'f')],
    ],
    ['ids empty in later pieces', [named('a', 0, '', 'f'), named('', 0, '{"x"'), named('', 0, ':1}', '')]],
    ['a new id for every piece, names only in the first', [named('a', 0, '{"x"', 'f'), named('b', 0, ':1}')]],
    ['no index', [named('a', undefined, '{"x"', 'f'), named(undefined, undefined, ':1}')]],
    ['arguments as an object', [named('a', 0, { x: 1 }, 'f')]],
    ['arguments that begin with null', [named('a', 0, null, 'f'), named(undefined, 0, '{"x":1}')]],
  ])('merge with %s', (_oddity, pieces) => {
    const { events, state } = read(first, ...pieces.map(piece), stop, done)
    expect(callsOf(events).map(([id, name, args]) => [id, name, JSON.parse(args ?? '')])).toEqual([
      ['a', 'f', { x: 1 }],
    ])
    expect(state.finishReason).toBe('tool_calls')
  })

  it('stay apart when all of them have index 0, in whatever way their arguments are cut', () => {
    const pieces = [
      named('a', 0, '{"x":', 'f'),
      named(undefined, 0, '1'),
      named(undefined, 0, '}'),
      named('b', 0, '{"x":', 'f'),
      named(undefined, 0, '2'),
      named(undefined, 0, '}'),
    ].map(piece)
    for (const parts of [pieces, [pieces.join('')]]) {
      const { events } = read(first, ...parts, stop)
      expect(callsOf(events)).toEqual([
        ['a', 'f', '{"x":1}'],
        ['b', 'f', '{"x":2}'],
      ])
    }
  })

  it('get an id of ours when they have none, and empty arguments become an object', () => {
    const { events } = read(
      first,
      piece(named('', 0, '', 'f')),
      piece(named(undefined, 1, '', 'g')),
      stop,
      done,
    )
    expect(callsOf(events)).toEqual([
      ['call_r1_0', 'f', '{}'],
      ['call_r1_1', 'g', '{}'],
    ])
  })
})

describe('chunks', () => {
  it('keep the first id, and get what is missing', () => {
    const { events, state } = read(
      'data: {"id":"","choices":[{"delta":{"reasoning":"hm"}}]}\n\n',
      'data: {"id":"other","created":1767225600123,"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"eos"}]}\n\n',
    )
    expect(chunksOf(events)).toEqual([
      {
        id: 'chatcmpl-r1',
        object: 'chat.completion.chunk',
        created: 1767225600,
        model: 'upstream-model',
        choices: [{ index: 0, delta: { role: 'assistant', reasoning_content: 'hm' }, finish_reason: null }],
      },
      {
        id: 'chatcmpl-r1',
        object: 'chat.completion.chunk',
        created: 1767225600,
        model: 'upstream-model',
        choices: [{ index: 0, delta: { content: 'x' }, finish_reason: 'stop' }],
      },
    ])
    expect(state.upstreamId).toBe('other')
  })

  it('of several choices keep their own roles and calls', () => {
    const { events } = read(
      event({ index: 0, delta: { role: 'assistant', content: 'a' } }),
      event({ index: 1, delta: { role: 'assistant', content: 'b' } }),
      event({ index: 1, delta: { role: 'assistant', content: 'c' } }),
      stop,
    )
    const deltas = chunksOf(events).map((chunk) => JSON.stringify(chunk['choices']))
    expect(deltas.filter((delta) => delta.includes('role'))).toHaveLength(2)
  })

  it('without choices are not forwarded, at the start as little as at the end', () => {
    const { events, state } = read(
      'data: {"id":"","choices":[],"prompt_filter_results":[]}\n\n',
      first,
      text('x'),
      stop,
      done,
    )
    expect(chunksOf(events)).toHaveLength(3)
    expect(state.chunkHead?.id).toBe('c1')
  })
})

describe('what has OpenAI’s name and not its type', () => {
  const deltaOf = (delta: unknown) => {
    const { events, state } = read(first, text('x'), event({ delta }), stop, done)
    const { choices } = chunksOf(events)[2] as unknown as { choices: { delta: Record<string, unknown> }[] }
    return { delta: choices[0]?.delta, state }
  }

  it.each([
    ['content', 7],
    ['content', [{ type: 'text', text: 'x' }]],
    ['reasoning_content', { a: 1 }],
    ['reasoning', true],
    ['refusal', []],
    ['tool_calls', 'none'],
    ['tool_calls', { id: 'a', function: { name: 'f', arguments: '' } }],
  ])('is not passed on as %s: %j', (name, value) => {
    const { delta, state } = deltaOf({ [name]: value, vendor: 1 })
    expect(delta).toEqual({ vendor: 1 })
    expect(state.outputBytes).toBe(1)
  })

  it('is passed on as null', () => {
    const nothing = { content: null, reasoning_content: null, refusal: null, tool_calls: null }
    expect(deltaOf(nothing).delta).toEqual(nothing)
  })

  it('is taken out of a list of tool calls, and of a call', () => {
    const { delta } = deltaOf({
      tool_calls: [
        null,
        'x',
        { id: 'a', function: 'f' },
        { index: 1, id: 'b', function: { name: false, arguments: '1' } },
      ],
    })
    expect(delta?.['tool_calls']).toEqual([
      { id: 'a', type: 'function', index: 0 },
      { id: 'b', type: 'function', index: 1, function: { arguments: '1' } },
    ])
  })

  it('is no choice, no place and no usage', () => {
    const odd = {
      ...head,
      choices: [null, 'x', { index: -1, delta: { content: 'a' }, finish_reason: null }],
      usage: 0.5,
    }
    const { events, state } = read(
      `data: ${JSON.stringify(odd)}\n\n`,
      `data: {"choices":[null,[]]}\n\n`,
      stop,
      done,
    )
    expect(chunksOf(events)).toEqual([
      { ...head, choices: [{ index: 0, delta: { role: 'assistant', content: 'a' }, finish_reason: null }] },
      { ...head, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    ])
    expect(state.usage).toBeUndefined()
  })

  it.each([1e300, 0.2, -5, '7', null, {}])('is no time: %j', (created) => {
    const { events } = read(text('x').replace('1767225600', JSON.stringify(created)), stop)
    expect(chunksOf(events).map((chunk) => chunk['created'])).toEqual([1767225600, 1767225600])
  })

  it('is no id that would be repeated in every chunk', () => {
    const { events, state } = read(first.replace('c1', 'c'.repeat(1000)), text('x'), stop)
    expect(chunksOf(events).map((chunk) => chunk['id'])).toEqual(
      Array.from({ length: 3 }, () => 'chatcmpl-r1'),
    )
    expect(state.upstreamId).toBe('c1')
  })

  it('is nothing that nests deeper than a stack goes', () => {
    const deep = (name: string) => `{"${name}":`.repeat(50_000) + '0' + '}'.repeat(50_000)
    for (const name of ['usage', 'choices', 'a']) {
      expect(read(first, `data: ${deep(name)}\n\n`, stop).state.error?.upstreamCode).toBe('unreadable_event')
    }
  })
})

describe('bytes that are not UTF-8', () => {
  const broken = (whole: string) => {
    const [before = '', after = ''] = whole.split('#')
    return Buffer.concat([Buffer.from(before), Buffer.from([0xe4, 0xb8]), Buffer.from(after)])
  }

  it.each([
    ['as they came', (content: string) => text(content)],
    ['repaired', (content: string) => event({ delta: { role: 'assistant', content } })],
  ])('reach no client, in events that pass %s, and count the same however they are cut', (_how, say) => {
    const body = Buffer.concat([
      Buffer.from(first + say('one') + say('two') + say('three')),
      broken(say('a#b')),
      Buffer.from(say('four') + stop + done),
    ])
    const strict = new TextDecoder('utf-8', { fatal: true })
    const readStrictly = (parts: readonly Uint8Array[]) => {
      let events = ''
      const sink = (sent: Uint8Array | string) => void (events += strict.decode(Buffer.from(sent)))
      const reader = passthroughStream({ status: 200, headers: {} }, sink, call, { errors: [] })
      for (const part of parts) reader.push(part)
      reader.end()
      return { events, bytes: reader.state.outputBytes }
    }
    const whole = readStrictly([body])
    expect(chunksOf(whole.events)).toHaveLength(7)
    expect(whole.events).toContain('a\ufffdb')
    for (let cut = 1; cut < body.length; cut++) {
      expect(readStrictly([body.subarray(0, cut), body.subarray(cut)])).toEqual(whole)
    }
  })
})

describe('faults', () => {
  it.each([
    ['an error object', '{"error":{"message":"broken","code":500}}', 'upstream_error'],
    ['an error text', '{"error":"rate limit reached"}', 'upstream_error'],
    ['a flat error', '{"object":"error","message":"broken","code":400}', 'invalid_request'],
    ['ModelScope’s key', '{"errors":{"message":"broken"}}', 'upstream_error'],
    [
      'a code and a message',
      '{"code":"InternalError","message":"broken","request_id":"1"}',
      'upstream_error',
    ],
  ])('in the form of %s end the stream, and nothing follows', (_form, data, kind) => {
    for (const frame of [`data: ${data}\n\n`, `event:error\ndata:${data}\n\n`, `${data}\n`]) {
      const { events, state } = read(first, text('x'), frame, text('y'), stop, done)
      expect(state.error?.kind).toBe(kind)
      expect(events).toBe(first + text('x'))
      expect(state.complete).toBe(false)
    }
  })

  it.each([
    ['insufficient_system_resource', 'overloaded'],
    ['network_error', 'upstream_error'],
  ])('told by the finish reason %s are faults', (reason, kind) => {
    const { state } = read(first, event({ delta: {}, finish_reason: reason }), done)
    expect(state.error?.kind).toBe(kind)
  })

  it('know a cut, an empty stream and a stream of nothing', () => {
    expect(read(first, text('x')).state.error?.upstreamCode).toBe('stream_cut')
    expect(read('').state.error?.upstreamCode).toBe('stream_cut')
    expect(read(': ping\n\n').state.error).toMatchObject({ kind: 'upstream_error', failsOver: true })
    expect(read(done).state.error?.upstreamCode).toBe('empty_answer')
    expect(read(first, stop, done).state.error?.upstreamCode).toBe('empty_answer')
  })

  it('are none where a finish reason or billed tokens explain that nothing was said', () => {
    expect(read(first, event({ delta: {}, finish_reason: 'length' }), done).state.error).toBeUndefined()
    expect(read(first, event({ delta: {}, finish_reason: 'content_filter' })).state.error).toBeUndefined()
    const usage = { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 }
    expect(read(first, event({ delta: {}, finish_reason: 'stop' }, { usage })).state.error).toBeUndefined()
  })

  it('are events without end and events that are not JSON', () => {
    const endless = read(first, `data: {"x":"`, ...Array.from({ length: 20 }, () => 'y'.repeat(65_536)))
    expect(endless.state.error?.message).toMatch(/too large/)
    const lines = read(first, ...Array.from({ length: 30 }, () => `data: ${'y'.repeat(65_536)}\n`))
    expect(lines.state.error?.message).toMatch(/too large/)
    expect(read(first, 'data: <html>\n\n').state.error?.upstreamCode).toBe('unreadable_event')
  })
})

describe('framing', () => {
  it.each([
    ['a byte order mark', (body: string) => `\ufeff${body}`],
    ['CRLF', (body: string) => body.replaceAll('\n', '\r\n')],
    ['no blank after the colon', (body: string) => body.replaceAll('data: ', 'data:')],
    ['no blank lines between events', (body: string) => body.replaceAll('\n\n', '\n')],
    ['more blank lines than needed', (body: string) => body.replaceAll('\n\n', '\n\n\n')],
    [
      'comments and other fields',
      (body: string) => body.replaceAll('data:', ': ping\n\nid: 7\nretry: 1\nevent: message\ndata:'),
    ],
    ['no end of the last line', (body: string) => body.trimEnd()],
  ])('with %s comes to the same', (_oddity, odd) => {
    const body = first + ['One', ' two', ' three.'].map((word) => text(word)).join('') + stop + done
    const plain = read(body)
    const strange = read(odd(body))
    expect(strange.events).toBe(plain.events)
    expect(plainState(strange.state)).toEqual(plainState(plain.state))
  })
})

/** Streams of all oddities at once. Cut small enough, every event takes the slow path; whole, few do. */
const oddStream = fc
  .array(
    fc.record({
      content: fc.option(fc.oneof(fc.string({ unit: 'binary', maxLength: 8 }), fc.constant('word')), {
        nil: undefined,
      }),
      reasoning: fc.option(fc.constantFrom('', 'hm', '想'), { nil: undefined, freq: 2 }),
      role: fc.option(fc.constantFrom('assistant', ''), { nil: undefined }),
      finish: fc.constantFrom(null, null, null, '', 'null', undefined),
      total: fc.option(fc.nat(30), { nil: undefined, freq: 2 }),
      tool: fc.option(
        fc.record({
          id: fc.constantFrom('a', 'b', '', undefined),
          index: fc.constantFrom(0, 1, undefined),
          args: fc.constantFrom('', '{', '1', '}'),
        }),
        { nil: undefined, freq: 3 },
      ),
      padding: fc.option(fc.constantFrom('x', 'yy', 'z"'), { nil: undefined, freq: 3 }),
      frame: fc.constantFrom(
        'data: #\n\n',
        'data: #\n\n',
        'data: #\n\n',
        'data:#\n\n',
        'data: #\r\n\r\n',
        'data: #\n',
        ': c\n\ndata: #\n\n',
      ),
    }),
    { maxLength: 14 },
  )
  .map((parts) =>
    parts
      .map(({ content, reasoning, role, finish, total, tool, padding, frame }) => {
        const delta = {
          ...(role === undefined ? {} : { role }),
          ...(content === undefined ? {} : { content }),
          ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
          ...(tool === undefined
            ? {}
            : {
                tool_calls: [
                  {
                    index: tool.index,
                    id: tool.id,
                    function: { arguments: tool.args, ...(tool.id ? { name: 'f' } : {}) },
                  },
                ],
              }),
        }
        const chunk = {
          ...head,
          choices: [{ index: 0, delta, finish_reason: finish }],
          ...(total === undefined
            ? {}
            : { usage: { prompt_tokens: 1, completion_tokens: total, total_tokens: total + 1 } }),
          ...(padding === undefined ? {} : { obfuscation: padding }),
        }
        return frame.replace('#', () => JSON.stringify(chunk))
      })
      .join(''),
  )

describe('the fast path', () => {
  it('comes to the same as parsing every event, for any stream and any cuts', () => {
    fc.assert(
      fc.property(oddStream, fc.array(fc.nat(), { maxLength: 4 }), (body, cuts) => {
        const bytes = Buffer.from(first + body + stop + done)
        const at = [0, ...cuts.map((cut) => cut % bytes.length), bytes.length].sort((a, b) => a - b)
        const parts = at.slice(1).map((end, index) => bytes.subarray(at[index], end))
        const slow = read(...Array.from(bytes, (byte) => Uint8Array.of(byte)))
        for (const fast of [read(bytes), read(...parts)]) {
          expect(fast.events).toBe(slow.events)
          expect(JSON.stringify(plainState(fast.state))).toBe(JSON.stringify(plainState(slow.state)))
        }
      }),
      { numRuns: 500 },
    )
  }, 60_000)
})
