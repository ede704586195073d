import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunksOf } from './conformance/clients.ts'
import { plainState } from './conformance/read-stream.ts'
import { callFor } from './conformance/table.ts'
import { tables } from './conformance/tables.ts'
import type { ResponseHead } from './contract/index.ts'
import { claim, isCount } from '../test/fuzzing/claim.ts'
import { claimAnswer, claimEmbeddings } from '../test/fuzzing/claim-answer.ts'
import { claimError } from '../test/fuzzing/claim-error.ts'
import { claimExchange } from '../test/fuzzing/claim-exchange.ts'
import { claimSession } from '../test/fuzzing/claim-session.ts'
import { claimStream, readOddStream, type OddReading } from '../test/fuzzing/claim-stream.ts'
import { corpusOf, type KnownStream } from '../test/fuzzing/corpus.ts'
import { longWindedBody, oddBody } from '../test/fuzzing/odd-bodies.ts'
import { oddHead } from '../test/fuzzing/odd-heads.ts'
import { frozen, fullChat, fullEmbedding, oddCall, oddRequest } from '../test/fuzzing/odd-requests.ts'
import { cuts, framed, framing, oddStream, partsOf } from '../test/fuzzing/odd-streams.ts'
import { isObject, parseJson, type MutableJson } from './wire/json.ts'

/** A failure tells both; this one can be set to come back to it. */
const seed = Number(process.env['TOLLGATE_FUZZ_SEED'] ?? Date.now() % 1_000_000)
/** Of every property of every adapter. For a night: 100 000. */
const runs = Number(process.env['TOLLGATE_FUZZ_RUNS'] ?? 150)
const timeout = 60_000 + runs * 500

const okHead: ResponseHead = { status: 200, headers: { 'content-type': 'text/event-stream' } }
const plainChat = { model: 'public-model', messages: [{ role: 'user', content: 'hi' }] }
const plainEmbedding = { model: 'public-model', input: 'a' }

describe.each(tables.map((table) => [table.adapter.protocol, table] as const))(
  `whatever %s sends, with seed ${seed}`,
  (_protocol, table) => {
    const { adapter } = table
    const corpus = corpusOf(table)
    const call = callFor(table)

    const read = (
      { one }: KnownStream,
      parts: readonly Uint8Array[],
      head = okHead,
      asked = {},
    ): OddReading =>
      readOddStream(
        adapter,
        callFor(table, one.call),
        head,
        { ...plainChat, ...one.request, ...asked },
        parts,
      )

    it.each(corpus.streams.map((stream) => [stream.one.file, stream] as const))(
      'means the same however it is framed and cut: %s',
      { timeout },
      (_file, stream) => {
        const plain = read(stream, stream.parts)
        const reframed = fc.property(framing, cuts, (style, places) => {
          const parts = stream.isFrames
            ? stream.parts.map((frame) => Buffer.from(indented(frame, style.spaces)))
            : partsOf(Buffer.from(framed(String(stream.parts), style)), places)
          const strange = read(stream, parts)
          claimSame(chunksOf(strange.events), chunksOf(plain.events))
          claimSame(plainState(strange.state), plainState(plain.state))
        })
        fuzz(reframed, 1 / corpus.streams.length)
      },
    )

    it('comes to whole events and an end the books can settle, when a stream is broken', { timeout }, () => {
      const success = oddHead(fc.constantFrom(200, 200, 201, 206))
      const broken = fc.property(oddStream(corpus), cuts, success, asked, (odd, places, head, request) => {
        const whole = read(odd.stream, odd.parts, head, request)
        claimStream(whole, call)
        if (odd.stream.isFrames) return
        const cut = read(
          odd.stream,
          odd.parts.flatMap((part) => partsOf(part, places)),
          head,
          request,
        )
        claimSame(cut.events, whole.events)
        claimSame(plainState(cut.state), plainState(whole.state))
      })
      fuzz(broken, 4)
    })

    it('is given up when an event has no end', () => {
      const piece = Buffer.alloc(65_536, 'x')
      for (const start of ['', 'data: {"choices":[', 'data: {"a":"', ': ', 'data: {\ndata: "']) {
        let pushes = 0
        const request = { body: plainChat, raw: Buffer.from('{}'), stream: true, maxOutputTokens: undefined }
        const reader = adapter.chat.stream(okHead, () => expect.fail('nothing was said'), request, call)
        reader.push(Buffer.from(start))
        for (; reader.state.error === undefined && pushes < 128; pushes++) reader.push(piece)
        // Twice the megabyte that is held at most.
        expect(pushes).toBeLessThanOrEqual(32)
        expect(reader.state.error?.kind).toBe('upstream_error')
      }
    })

    it('is an answer of OpenAI’s or a refusal that can be shown, when it is one body', { timeout }, () => {
      const anyHead = oddHead(fc.oneof(fc.constant(200), fc.integer({ min: 200, max: 599 })))
      const whole = fc.property(oddBody(corpus), anyHead, asked, (bytes, head, request) => {
        const body = { ...plainChat, ...request }
        const sent = { body, raw: Buffer.from(JSON.stringify(body)), stream: false, maxOutputTokens: 100 }
        claimAnswer(adapter.chat.answer(head, bytes, sent, call), call)
        claimError(adapter.chat.refusal(head, bytes, call), call)
        const probed = adapter.probe.read(head, bytes, call)
        if (probed !== undefined) claimError(probed, call)
        if (adapter.session !== undefined) claimSession(adapter.session.read(head, bytes, call), call)
      })
      fuzz(whole, 4)
    })

    it('is read in time that grows with the length of a text in it only', { timeout }, () => {
      const body = { ...plainChat, stop: ['后'] }
      const whole = fc.property(longWindedBody(corpus), fc.constantFrom(200, 400), (bytes, status) => {
        const head = { status, headers: {} }
        const request = { body, raw: Buffer.from(JSON.stringify(body)), stream: true, maxOutputTokens: 100 }
        const plainMs = timeOf(() => JSON.stringify(JSON.parse(JSON.stringify(bytes.toString()))))
        const ms = timeOf(() => {
          adapter.chat.answer(head, bytes, request, call)
          adapter.chat.refusal(head, bytes, call)
          adapter.probe.read(head, bytes, call)
          adapter.embeddings?.answer(head, bytes, request, call)
          const reader = adapter.chat.stream(okHead, () => undefined, request, call)
          reader.push(Buffer.from(`data: ${bytes.toString().trim()}\n\n`))
          reader.end()
        })
        // Some ten times as long; hundreds of thousands of times where somebody looks again at the rest from each character.
        claim(
          ms < 10_000 * plainMs,
          'a text of 300 KB is read in time that grows with its length only',
          ms / plainMs,
        )
      })
      fuzz(whole, 1 / 8)
    })

    it.skipIf(adapter.embeddings === undefined)(
      'is a list of embeddings or a refusal that can be shown, when it is one body',
      { timeout },
      () => {
        const { embeddings } = adapter
        if (embeddings === undefined) return
        const anyHead = oddHead(fc.oneof(fc.constant(200), fc.integer({ min: 200, max: 599 })))
        const format = fc.constantFrom('float', 'base64')
        const whole = fc.property(oddBody(corpus), anyHead, format, (bytes, head, encoding_format) => {
          const request = { body: { ...fullEmbedding, encoding_format }, raw: Buffer.from('{}') }
          claimEmbeddings(embeddings.answer(head, bytes, request, call), call)
          claimError(embeddings.refusal(head, bytes, call), call)
        })
        fuzz(whole, 2)
      },
    )
  },
)

describe.each(tables.map((table) => [table.adapter.protocol, table] as const))(
  `whatever %s is asked for, with seed ${seed}`,
  (_protocol, table) => {
    const { adapter } = table
    const { words } = corpusOf(table)
    const calls = oddCall(table, callFor(table))

    it(
      'is proven by a request that can be sent, of whatever model and with whatever options',
      { timeout },
      () => {
        const proven = fc.property(calls, (call) => {
          const exchanges = [adapter.probe.request(call), adapter.session?.request(call)]
          for (const sent of exchanges) if (sent !== undefined) claimExchange(sent, sent, call)
        })
        fuzz(proven, 1 / 2)
      },
    )

    it('is sent as JSON to the account’s host or refused, when it is a chat', { timeout }, () => {
      const good = table.requests
        .map(({ body }) => (typeof body === 'string' ? parseJson(body) : body))
        .filter(isObject)
      const texts = oddRequest([fullChat, ...good], [...words, ...Object.keys(fullChat)])
      const bound = fc.constantFrom(undefined, 1, 100, 1_000_000)
      const sent = fc.property(texts, calls, bound, (text, call, maxOutputTokens) => {
        const request = (raw: string) => {
          const body = frozen(JSON.parse(raw) as MutableJson)
          return { body, raw: Buffer.from(raw), stream: body['stream'] === true, maxOutputTokens }
        }
        const plain = adapter.chat.request(request(JSON.stringify(plainChat)), call)
        claimExchange(adapter.chat.request(request(text), call), plain, call)
        const beyond = adapter.chat.beyondBound?.(request(text), call) ?? 0
        claim(typeof beyond === 'string' || isCount(beyond), 'a count of tokens', beyond)
      })
      fuzz(sent, 3)
    })

    it.skipIf(adapter.embeddings === undefined)(
      'is sent as JSON to the account’s host or refused, when it is to be embedded',
      { timeout },
      () => {
        const { embeddings } = adapter
        if (embeddings === undefined) return
        const request = (raw: string) => ({
          body: frozen(JSON.parse(raw) as MutableJson),
          raw: Buffer.from(raw),
        })
        const sent = fc.property(oddRequest([fullEmbedding], [...words, 'input']), calls, (text, call) => {
          const plain = embeddings.request(request(JSON.stringify(plainEmbedding)), call)
          claimExchange(embeddings.request(request(text), call), plain, call)
        })
        fuzz(sent)
      },
    )
  },
)

/** What of a request bears on reading the answer to it. */
const asked = fc.constantFrom<MutableJson>(
  {},
  { stop: ['后', '可', 'x'] },
  { functions: [{ name: 'get_weather' }] },
  { tools: [{ type: 'function', function: { name: 'get-weather' } }], stop: 'stop' },
)

function fuzz<Values>(property: fc.IProperty<Values>, share = 1): void {
  fc.assert(property, { seed, numRuns: Math.ceil(runs * share) })
}

/** A JSON text with other blanks between its tokens. */
function indented(frame: Buffer, spaces: string): string {
  return `${spaces}${JSON.stringify(JSON.parse(frame.toString()), null, spaces)}\n`
}

/** Thousands of comparisons: matchers are only run where there is something to show. */
function claimSame(found: unknown, expected: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(expected)) expect(found).toEqual(expected)
}

function timeOf(work: () => void): number {
  const startedMs = performance.now()
  work()
  return performance.now() - startedMs
}
