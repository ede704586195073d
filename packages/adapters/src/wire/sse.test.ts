import { describe, expect, it } from 'vitest'
import { growthMax, growthOf } from '../../test/growth.ts'
import { SseReader, type SseEvent } from './sse.ts'

interface Read {
  /** `data` of the events, the name before it where there is one. */
  readonly said: readonly string[]
  readonly events: readonly SseEvent[]
  readonly comments: readonly string[]
  readonly gaveUp: number
}

function read(parts: readonly (string | Uint8Array)[], bytesMax?: number): Read {
  const events: SseEvent[] = []
  const comments: string[] = []
  let gaveUp = 0
  const handler = {
    event: (event: SseEvent) => void events.push(event),
    comment: (text: string) => void comments.push(text),
    tooLong: () => void gaveUp++,
  }
  const reader = bytesMax === undefined ? new SseReader(handler) : new SseReader(handler, bytesMax)
  for (const part of parts) {
    const lent = Uint8Array.from(Buffer.from(part))
    reader.push(lent)
    // The transport may reuse its buffer: nothing of it may be kept.
    lent.fill(0x23)
  }
  reader.end()
  const said = events.map(({ name, data }) => (name === '' ? data : `${name}: ${data}`))
  return { said, events, comments, gaveUp }
}

const a = '{"a":"中文😀"}'
const b = '{"b":2}'

describe('an event', () => {
  it.each([
    ['after a space', `data: ${a}\n\ndata: ${b}\n\n`],
    ['without a space', `data:${a}\n\ndata:${b}\n\n`],
    ['behind LF', `data: ${a}\n\ndata: ${b}\n\n`],
    ['behind CRLF', `data: ${a}\r\n\r\ndata: ${b}\r\n\r\n`],
    ['behind LF and CRLF by turns', `data: ${a}\r\n\ndata: ${b}\n\r\n`],
    ['without blank lines', `data: ${a}\ndata: ${b}\n`],
    ['between more blank lines than needed', `\n\ndata: ${a}\n\n\n\ndata: ${b}\n\n\n`],
    ['after a byte order mark', `\ufeffdata: ${a}\n\ndata: ${b}\n\n`],
    ['whose last line has no end', `data: ${a}\n\ndata: ${b}`],
    ['between comments', `: hi\n\ndata: ${a}\n: between its line and its end\n\n:\ndata: ${b}\n\n`],
    ['beside fields of no interest', `id: 1\ndata: ${a}\nretry: 5\n\ndatum: x\ndata\ndata: ${b}\n\n`],
    ['on bare lines', `${a}\n${b}\n`],
  ])('is read %s, cut anywhere', (_how, text) => {
    const bytes = Buffer.from(text)
    for (let cut = 0; cut < bytes.length; cut++) {
      const { said, gaveUp } = read([bytes.subarray(0, cut), bytes.subarray(cut)])
      if (said.join() !== `${a},${b}`) expect(said, `cut at ${cut}`).toEqual([a, b])
      expect(gaveUp).toBe(0)
    }
    expect(read(Array.from(bytes, (byte) => Uint8Array.of(byte))).said).toEqual([a, b])
  })

  it('comes parsed when it is a JSON object, with blanks around it too', () => {
    const { events } = read([`data: ${a}\n\ndata: \t ${b} \n\ndata: [1]\n\ndata: x\n\n`])
    expect(events.map(({ json }) => json)).toEqual([JSON.parse(a), JSON.parse(b), undefined, undefined])
  })

  it('goes on over several data lines, joined by line feeds', () => {
    expect(read(['data: {"a":\ndata:  [1,\n: comment\ndata: 2]}\n\n']).said).toEqual(['{"a":\n [1,\n2]}'])
    expect(read(['data: one\ndata: two\n\ndata: three\n']).said).toEqual(['one\ntwo', 'three'])
  })

  it('is whole at its own last brace, not at one in a text of it', () => {
    const lines = ['{"a":"}{\\"}",', '"b":{},', '"c":["\\\\"]', '}']
    const text = lines.map((line) => `data: ${line}\n`).join('')
    expect(read([`${text}${text}data: ${b}\n`]).said).toEqual([lines.join('\n'), lines.join('\n'), b])
    expect(read(['data: {"a":}\ndata: {}\n\n']).said).toEqual(['{"a":}\n{}'])
  })

  it.each(['data: {},\n', 'data: {}\n', 'data: "a",\n', 'data:}\n', 'data:\n'])(
    'of many lines like %j is read in time that grows with their number only',
    (line) => {
      const readMany = (count: number) => void read([`data: {"a":[\n`, line.repeat(count), '\n'])
      expect(growthOf(readMany, 100_000)).toBeLessThan(growthMax)
    },
  )

  it('is told as soon as it is whole, without its blank line', () => {
    const said: string[] = []
    const reader = new SseReader({ event: ({ data }) => void said.push(data), tooLong: () => undefined })
    for (const [line, count] of [
      [`data: ${a}\n`, 1],
      ['data: {"c":\n', 1],
      ['data: 3}\n', 2],
      ['data: [DONE]\n', 3],
      ['data: not JSON\n', 3],
      ['\n', 4],
    ] as const) {
      reader.push(Buffer.from(line))
      expect(said).toHaveLength(count)
    }
  })

  it('has the name before it, and only its own', () => {
    expect(read([`event: error\ndata: ${a}\n\ndata: ${b}\n\nevent:result\ndata: ${b}\n\n`]).said).toEqual([
      `error: ${a}`,
      b,
      `result: ${b}`,
    ])
  })

  it('is what stands before the next name, where the blank line is missing', () => {
    expect(read(['event: one\ndata: x\nevent: two\ndata: y\n']).said).toEqual(['one: x', 'two: y'])
  })

  it('is not made of nothing', () => {
    expect(read(['data:\n\ndata: \n\nevent: x\n\n\n', 'event: y']).said).toEqual([])
  })

  it('is not ended by CR alone', () => {
    const { said, events } = read([`data: ${a}\r\rdata: ${b}\r\r`])
    expect(said).toHaveLength(1)
    expect(events[0]?.json).toBeUndefined()
  })

  it('has what is not UTF-8 replaced', () => {
    const { said } = read([Buffer.from([...Buffer.from('data: {"a":"'), 0xff, 0xe4, 0xb8]), '"}\n\n'])
    expect(said).toEqual(['{"a":"\ufffd\ufffd"}'])
  })
})

describe('an event can go on as the bytes it came in', () => {
  const canonical = (text: string | Uint8Array) => read([text]).events[0]?.raw?.canonical

  it('when they are what OpenAI sends', () => {
    expect(canonical(`data: ${a}\n\n`)).toBe(true)
    const { events } = read([`data: ${a}\n\ndata: ${b}\n\n`])
    // The buffer has been overwritten since, its places have not.
    expect(events.map(({ raw }) => raw && raw.end - raw.start)).toEqual(
      [a, b].map((text) => Buffer.byteLength(text) + 8),
    )
  })

  it.each([
    ['no space', `data:${a}\n\n`],
    ['two spaces', `data:  ${a}\n\n`],
    ['a blank at the end', `data: ${a} \n\n`],
    ['no blank line', `data: ${a}\ndata: ${b}\n\n`],
    ['CRLF', `data: ${a}\r\n\r\n`],
    ['a CR, which ends a line to the client', 'data: {"a":\r1}\n\n'],
    [
      'bytes that are not UTF-8',
      Buffer.concat([Buffer.from('data: {"a":"'), Buffer.from([0xff]), Buffer.from('"}\n\n')]),
    ],
  ])('not with %s', (_what, text) => {
    expect(canonical(text)).toBe(false)
  })

  it('not when it has a name or came on several lines', () => {
    expect(canonical(`event: x\ndata: ${a}\n\n`)).toBeUndefined()
    expect(canonical('data: {"a":\ndata: 1}\n\n')).toBeUndefined()
  })
})

describe('comments', () => {
  it('are told without their colon', () => {
    const { comments, said } = read([':HTTP_STATUS/400\n: 中文\r\n:\n', `data: ${a}\n\n`])
    expect(comments).toEqual(['HTTP_STATUS/400', ' 中文', ''])
    expect(said).toEqual([a])
  })
})

describe('what has no end', () => {
  const line = `data: {"a":"${'x'.repeat(1_000)}"}`

  it.each([
    ['a line', `${line}\n\n`],
    ['a line that never ends', line],
    ['an event of many lines', `data: {\n${'data: "a":1,\n'.repeat(200)}`],
    ['text that is no field', 'x'.repeat(1_001)],
  ])('is given up once, however it is cut: %s', (_what, text) => {
    for (const size of [1, 7, 600, 10_000]) {
      const parts = [
        `data: ${a}\n\n`,
        ...(text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []),
        `\n\ndata: ${b}\n\n`,
      ]
      const { said, gaveUp } = read(parts, 1_000)
      expect({ said, gaveUp }).toEqual({ said: [a], gaveUp: 1 })
    }
  })

  it('may be as long as the bound, and a megabyte by default', () => {
    const longest = `data: {"a":"${'x'.repeat(1_048_576 - 14)}"}`
    expect(read([`${longest}\n\n`, `data: ${b}\n`]).said).toHaveLength(2)
    expect(read([longest.slice(0, 600_000), longest.slice(600_000), `\n\ndata: ${b}\n`]).said).toHaveLength(2)
    expect(read([`${longest} \n\n`]).gaveUp).toBe(1)
  })

  it('is kept once, also when it drips in byte by byte', () => {
    const reader = new SseReader({ event: () => undefined, tooLong: () => undefined })
    const byte = Buffer.from('x')
    const before = process.memoryUsage()
    for (let count = 0; count < 1_000_000; count++) reader.push(byte)
    const after = process.memoryUsage()
    expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(
      20_000_000,
    )
  })
})

describe('after the reader was stopped', () => {
  it('nothing is told, neither of the same bytes nor of later ones', () => {
    const said: string[] = []
    const reader: SseReader = new SseReader({
      event: ({ data }) => {
        said.push(data)
        reader.stop()
      },
      tooLong: () => said.push('too long'),
    })
    reader.push(Buffer.from(`data: ${a}\n\ndata: ${b}\n\n`))
    reader.push(Buffer.from(`data: ${b}\n\n`))
    reader.end()
    expect(said).toEqual([a])
  })
})
