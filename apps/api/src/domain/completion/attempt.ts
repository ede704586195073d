import type {
  Call,
  ChatAnswer,
  ChatRequest,
  ChatStreamReader,
  ChatStreamState,
  EmbeddingAnswer,
  Exchange,
  ResponseHead,
} from '@tollgate/adapters/contract'
import { ProviderError } from '@tollgate/adapters/contract'
import { asTextSequence, type ExchangeControl, type TransportFailure } from '../../ports/transport.ts'
import type { OfferingEntry } from '../snapshot/snapshot.ts'
import type { AnswerShape } from './answer-shape.ts'
import type { ClientConnection } from './client-connection.ts'
import type { GatewayServices } from './services.ts'

export interface AttemptInput {
  readonly offering: OfferingEntry
  readonly exchange: Exchange
  readonly call: Call
  readonly request: ChatRequest
  readonly embedding: boolean
  readonly shape: AnswerShape
  readonly client: ClientConnection
  /** Headers of the streamed answer, sent with its first byte. */
  readonly streamHeaders: Readonly<Record<string, string>>
}

export type AttemptOutcome =
  | {
      readonly kind: 'answered'
      readonly answer: ChatAnswer | EmbeddingAnswer
      readonly firstByteAtMs: number
    }
  | { readonly kind: 'streamed'; readonly state: ChatStreamState; readonly firstByteAtMs: number | undefined }
  /**
   * `billed` says what the provider may charge for: `nothing` where it refused, `unknown` where it went silent.
   * `state` is there when a stream had begun; `committed` when the caller has seen some of it.
   */
  | {
      readonly kind: 'failed'
      readonly error: ProviderError
      readonly billed: 'nothing' | 'unknown'
      readonly committed: boolean
      readonly state: ChatStreamState | undefined
      readonly firstByteAtMs: number | undefined
    }
  | {
      readonly kind: 'cancelled'
      readonly state: ChatStreamState | undefined
      readonly firstByteAtMs: number | undefined
    }

/**
 * Calls one offering once. Resolves when the exchange is over on the upstream side; never rejects. The caller's head
 * goes out with the first event, so that everything before it can still fail over.
 */
export function attempt(services: GatewayServices, input: AttemptInput): Promise<AttemptOutcome> {
  return new Promise((resolve) => new AttemptRun(services, input, resolve).start())
}

class AttemptRun {
  readonly #services: GatewayServices
  readonly #input: AttemptInput
  readonly #resolve: (outcome: AttemptOutcome) => void
  #control: ExchangeControl | undefined
  #head: ResponseHead | undefined
  #reader: ChatStreamReader | undefined
  /** Chunks of a whole answer, or of a refusal. */
  #body: Buffer[] = []
  #bodyBytes = 0
  #committed = false
  #waitsForClient = false
  #firstByteAtMs: number | undefined
  #over = false

  constructor(services: GatewayServices, input: AttemptInput, resolve: (outcome: AttemptOutcome) => void) {
    this.#services = services
    this.#input = input
    this.#resolve = resolve
  }

  start(): void {
    const { client, exchange, offering } = this.#input
    if (client.signal.aborted) {
      this.#finish({ kind: 'cancelled', state: undefined, firstByteAtMs: undefined })
      return
    }
    client.signal.addEventListener('abort', this.#onHangUp, { once: true })
    this.#control = this.#services.transport.open(
      exchange,
      {
        privateAllowed: offering.account.origin === 'yaml',
        firstByteMs: this.#services.limits.firstByteMs,
        idleMs: this.#services.limits.idleMs,
      },
      {
        head: (head) => this.#guard(() => this.#onHead(head)),
        data: (chunk) => this.#guard(() => this.#onData(chunk)),
        end: () => this.#guard(() => this.#onEnd()),
        fail: (failure) => this.#onFailure(failure),
      },
    )
    this.#services.steps.reached('after-dispatch')
    if (this.#over) this.#control.abort()
  }

  /** A reader that breaks its promise and throws must not take the books with it: the attempt fails, and is settled. */
  #guard(step: () => void): void {
    try {
      step()
    } catch (error) {
      this.#services.log.error(
        { err: error, offering: this.#input.offering.name },
        'an answer could not be read',
      )
      this.#control?.abort()
      this.#fail(
        new ProviderError('upstream_error', { message: 'The answer of the provider could not be read.' }),
        'unknown',
      )
    }
  }

  #onHead(head: ResponseHead): void {
    this.#head = head
    const { request, call, offering } = this.#input
    if (request.stream && isSuccess(head) && isEventStream(head)) {
      this.#reader = offering.account.adapter.chat.stream(head, this.#forward, request, call)
    }
  }

  #onData(chunk: Buffer): void {
    if (this.#over) return
    if (this.#reader === undefined) {
      if (!isBlank(chunk)) this.#answerBegan()
      this.#bodyBytes += chunk.length
      if (this.#bodyBytes > this.#services.limits.answerBytesMax) {
        this.#control?.abort()
        this.#fail(
          new ProviderError('upstream_error', { message: 'The provider sent an answer without end.' }),
          'unknown',
        )
        return
      }
      this.#body.push(this.#isFrame() ? asTextSequence(chunk) : chunk)
      return
    }
    this.#reader.push(chunk)
    if (this.#reader.state.error !== undefined) {
      this.#control?.abort()
      this.#failStream(this.#reader.state, this.#reader.state.error)
    } else if (this.#reader.state.complete) {
      // `[DONE]` is the end, whether or not the platform closes the connection soon.
      this.#onEnd()
    }
  }

  /** A refused handshake is plain HTTP. */
  #isFrame(): boolean {
    return this.#input.exchange.transport === 'websocket' && this.#head !== undefined && isSuccess(this.#head)
  }

  /** Heads, comments and blanks are signs of life of a platform that is still thinking, but no answer. */
  #answerBegan(): void {
    if (this.#firstByteAtMs !== undefined) return
    this.#firstByteAtMs = this.#services.clock.now()
    this.#control?.answerBegan()
  }

  readonly #forward = (events: Uint8Array | string): void => {
    const { client, shape, streamHeaders } = this.#input
    if (!this.#committed) {
      this.#committed = true
      this.#answerBegan()
      client.startStream(streamHeaders)
    }
    const taken = client.write(shape.events(events))
    this.#services.steps.reached('mid-stream')
    if (taken || this.#waitsForClient) return
    this.#waitsForClient = true
    this.#control?.pause()
    client.onDrain(() => {
      this.#waitsForClient = false
      this.#control?.resume()
    })
  }

  #onEnd(): void {
    if (this.#over) return
    if (this.#reader !== undefined) {
      this.#reader.end()
      const { state } = this.#reader
      if (state.error === undefined) {
        this.#finish({ kind: 'streamed', state, firstByteAtMs: this.#firstByteAtMs })
      } else {
        this.#failStream(state, state.error)
      }
      return
    }
    const head = this.#head
    if (head === undefined) return
    const { offering, request, call, embedding } = this.#input
    const { adapter } = offering.account
    const body =
      this.#body.length === 1 && this.#body[0] !== undefined ? this.#body[0] : Buffer.concat(this.#body)
    const operation = embedding ? adapter.embeddings : adapter.chat
    if (operation === undefined) return
    if (!isSuccess(head) || (request.stream && !embedding)) {
      const error = operation.refusal(head, body, call)
      // Some platforms refuse a stream with a whole body under a status of success (Qianfan V1, Hunyuan).
      this.#fail(error, isSuccess(head) && error.concluded ? 'unknown' : 'nothing')
      return
    }
    const answer = operation.answer(head, body, request, call)
    if (answer.ok) {
      this.#finish({
        kind: 'answered',
        answer,
        firstByteAtMs: this.#firstByteAtMs ?? this.#services.clock.now(),
      })
    } else if (answer.state !== undefined) {
      this.#failStream(answer.state, answer.error)
    } else {
      this.#fail(answer.error, answer.error.concluded ? 'unknown' : 'nothing')
    }
  }

  /** Once an answer has begun, be it with an empty word, the prompt was read and may be charged. */
  #failStream(state: ChatStreamState, error: ProviderError): void {
    const begun = state.hasOutput || state.upstreamId !== undefined || state.usage !== undefined
    this.#fail(error, begun || error.concluded ? 'unknown' : 'nothing', state)
  }

  #onFailure(failure: TransportFailure): void {
    if (this.#over) return
    const kind =
      failure.kind === 'first-byte-timeout' || failure.kind === 'idle-timeout'
        ? 'timeout'
        : this.#head === undefined
          ? 'unreachable'
          : 'upstream_error'
    const reached =
      failure.kind !== 'refused' &&
      failure.kind !== 'connect-timeout' &&
      failure.kind !== 'dns' &&
      failure.kind !== 'address-not-allowed' &&
      failure.kind !== 'tls'
    this.#fail(new ProviderError(kind, { message: failure.message }), reached ? 'unknown' : 'nothing')
  }

  readonly #onHangUp = (): void => {
    if (this.#over) return
    this.#control?.abort()
    if (this.#input.client.cancelled === 'too-long') {
      const message = `its answer was not complete within ${this.#services.limits.requestMsMax} ms, the longest that a request may take`
      this.#fail(new ProviderError('timeout', { message }), 'unknown')
      return
    }
    this.#finish({ kind: 'cancelled', state: this.#reader?.state, firstByteAtMs: this.#firstByteAtMs })
  }

  #fail(error: ProviderError, billed: 'nothing' | 'unknown', state = this.#reader?.state): void {
    this.#finish({
      kind: 'failed',
      error,
      billed,
      committed: this.#committed,
      state,
      firstByteAtMs: this.#firstByteAtMs,
    })
  }

  #finish(outcome: AttemptOutcome): void {
    if (this.#over) return
    this.#over = true
    this.#input.client.signal.removeEventListener('abort', this.#onHangUp)
    this.#resolve(outcome)
  }
}

function isSuccess(head: ResponseHead): boolean {
  return head.status >= 200 && head.status < 300
}

/** DeepSeek sends blank lines while it thinks, before the JSON of a whole answer. */
function isBlank(chunk: Uint8Array): boolean {
  return chunk.every((byte) => byte <= 0x20)
}

/** Some servers stream under `text/plain` or no type at all; an error body of a stream call is JSON. */
function isEventStream(head: ResponseHead): boolean {
  const type = head.headers['content-type']
  return type === undefined || !type.includes('application/json')
}
