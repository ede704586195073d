import { readFileSync } from 'node:fs'
import { adapterFor, type Call, type ChatRequest, type ProtocolAdapter } from '@tollgate/adapters'
import type { ProviderError } from '@tollgate/adapters/contract'
import { toGatewayError } from '../../src/domain/completion/to-gateway-error.ts'
import { errorBody, errorEvent, errorHeaders, statusOf } from '../../src/domain/error-table.ts'
import { asTextSequence } from '../../src/ports/transport.ts'
import type { ErrorRow } from './error-row.ts'
import type { Outcome, Refused } from './outcomes.ts'

/** What the caller ends up with; `text` where it came in a stream. Of an error after text, its event is all there is. */
export type Told = Outcome | (Outcome & { readonly text: string }) | ToldByEvent

type ToldByEvent = Pick<Refused, 'kind' | 'type' | 'code'> & { readonly text: string }

/** Has the row's sample read as the service does, in each of the ways in which it can arrive. */
export function whatComesOf(row: ErrorRow, folder: string): readonly Told[] {
  const adapter = adapterFor(row.protocol)
  const { chat, embeddings, session } = adapter
  const { sample, arrival } = row
  const bytes = typeof sample === 'string' ? readFileSync(fixture(folder, sample)) : Buffer.from(sample.text)
  const call = callOf(adapter)
  switch (arrival.as) {
    case 'status': {
      const heads = arrival.statuses.map((status) => ({ status, headers: { ...json, ...arrival.headers } }))
      return heads.map((head) => refused(chat.refusal(head, bytes, call)))
    }
    case 'body of a 200': {
      const head = { status: 200, headers: json }
      const whole = read(chat.answer(head, bytes, request(false), call))
      return arrival.toStreams ? [whole, refused(chat.refusal(head, bytes, call))] : [whole]
    }
    case 'events':
      return [streamed(adapter, [bytes], call)]
    case 'frames': {
      const stream = streamed(adapter, framesIn(bytes), call)
      return arrival.afterText === '' ? [stream, folded(adapter, bytes, call)] : [stream]
    }
    case 'frames of a whole answer':
      return [folded(adapter, bytes, call)]
    case 'answer of the session':
      return arrival.statuses.map((status) => read(session?.read({ status, headers: json }, bytes, call)))
    case 'answer to embeddings':
      return arrival.statuses.map((status) => {
        const head = { status, headers: json }
        if (status < 300) return read(embeddings?.answer(head, bytes, request(false), call))
        const error = embeddings?.refusal(head, bytes, call)
        return read(error === undefined ? undefined : { ok: false, error })
      })
  }
}

/** A provider's failure as the caller is told of it, before anything else went out. */
export function refused(failure: ProviderError): Refused {
  const error = toGatewayError(failure)
  const headers = errorHeaders(error)
  const wait = headers['retry-after']
  return {
    kind: failure.kind,
    status: statusOf(error.code),
    ...typeAndCode(errorBody(error)),
    retry: headers['x-should-retry'] === 'true',
    ...(wait === undefined ? {} : { waitS: Number(wait) }),
  }
}

export function fixture(folder: string, file = ''): URL {
  return new URL(`../../../../packages/adapters/fixtures/${folder}/${file}`, import.meta.url)
}

const json = { 'content-type': 'application/json' }
const events = { 'content-type': 'text/event-stream' }

type Reading = { readonly ok: false; readonly error: ProviderError } | { readonly ok: true }

function read(reading: Reading | undefined): Told {
  if (reading === undefined) throw new Error('the protocol has no such operation')
  if (!reading.ok) return refused(reading.error)
  return { finishReason: 'finishReason' in reading ? String(reading.finishReason) : '' }
}

function folded({ chat }: ProtocolAdapter, bytes: Buffer, call: Call): Told {
  const body = Buffer.concat(framesIn(bytes).map(asTextSequence))
  return read(chat.answer({ status: 200, headers: {} }, body, request(false), call))
}

function streamed({ chat, protocol }: ProtocolAdapter, parts: readonly Buffer[], call: Call): Told {
  let sent = ''
  const headers = protocol === 'spark-websocket' ? {} : events
  const reader = chat.stream(
    { status: 200, headers },
    (piece) => {
      sent += Buffer.from(piece).toString('utf8')
    },
    request(true),
    call,
  )
  for (const part of parts) reader.push(part)
  reader.end()
  const { error, finishReason } = reader.state
  if (error === undefined) return { text: textIn(sent), finishReason: String(finishReason) }
  if (sent === '') return refused(error)
  const event = /^data: (\{.*\})\n\n$/.exec(errorEvent(toGatewayError(error)))
  return { text: textIn(sent), kind: error.kind, ...typeAndCode(JSON.parse(event?.[1] ?? '')) }
}

function typeAndCode({ error }: ReturnType<typeof errorBody>): Pick<Refused, 'type' | 'code'> {
  return { type: error.type, code: error.code }
}

function textIn(sent: string): string {
  const chunks = sent.split('\n\n').filter((event) => event !== '')
  return chunks.map((chunk) => JSON.parse(chunk.slice(6)).choices[0]?.delta.content ?? '').join('')
}

function framesIn(bytes: Buffer): Buffer[] {
  const lines = bytes.toString('utf8').split('\n')
  return lines.filter((line) => line.trim() !== '').map((line) => Buffer.from(line))
}

function request(stream: boolean): ChatRequest {
  const body = { model: 'smart', stream, messages: [{ role: 'user', content: '你好' }], input: '你好' }
  return { body, raw: Buffer.from(JSON.stringify(body)), stream, maxOutputTokens: undefined }
}

function callOf(adapter: ProtocolAdapter): Call {
  return {
    credentials: Object.fromEntries(adapter.credentials.map(({ name }) => [name, `secret-${name}`])),
    baseUrl: adapter.defaultBaseUrl ?? 'https://upstream.test/v1',
    options: {},
    upstreamModel: 'upstream-model',
    requestId: '019b76da-a800-7000-8000-000000000001',
    nowMs: Date.UTC(2026, 0, 1),
  }
}
