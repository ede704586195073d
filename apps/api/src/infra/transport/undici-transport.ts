import type { ResponseHead } from '@tollgate/adapters/contract'
import { Agent, type Dispatcher } from 'undici'
import type {
  ExchangeControl,
  ExchangeHandlers,
  ExchangeOptions,
  Transport,
  TransportFailure,
} from '../../ports/transport.ts'
import { guardedConnector } from './guarded-connector.ts'
import { toTransportFailure } from './transport-failure.ts'

/**
 * One connection pool for each origin, without a cap: a cap on sockets would be a cap on concurrent streams.
 * `dispatch` is the cheapest way through undici: bytes arrive in a callback, nothing is wrapped in a stream.
 */
export class UndiciTransport implements Transport {
  readonly #guarded = new Agent({ ...agentOptions, connect: guardedConnector({ privateAllowed: false }) })
  readonly #open = new Agent({ ...agentOptions, connect: guardedConnector({ privateAllowed: true }) })
  readonly #running = new Set<RunningExchange>()
  readonly #privateAllowed: boolean
  #ticker: NodeJS.Timeout | undefined

  /** `privateAllowed`: the operator allows private addresses to everybody who may add accounts. */
  constructor(options: { readonly privateAllowed: boolean }) {
    this.#privateAllowed = options.privateAllowed
  }

  open(
    exchange: Parameters<Transport['open']>[0],
    options: ExchangeOptions,
    handlers: ExchangeHandlers,
  ): ExchangeControl {
    if (exchange.transport !== 'http') {
      handlers.fail({
        kind: 'unsupported',
        message: 'This version of the gateway carries no WebSocket conversations.',
      })
      return { pause() {}, resume() {}, abort() {} }
    }
    const running = new RunningExchange(options, handlers, () => this.#running.delete(running))
    this.#running.add(running)
    this.#ticker ??= setInterval(() => this.#tick(), tickMs).unref()
    const url = new URL(exchange.url)
    const agent = options.privateAllowed || this.#privateAllowed ? this.#open : this.#guarded
    agent.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: exchange.method,
        headers: exchange.headers,
        body: exchange.body ?? null,
      },
      running,
    )
    return running
  }

  async close(): Promise<void> {
    clearInterval(this.#ticker)
    await Promise.all([this.#guarded.destroy(), this.#open.destroy()])
  }

  /** One timer for all exchanges: a timer for each chunk would cost more than passing the chunk on. */
  #tick(): void {
    const nowMs = performance.now()
    for (const running of this.#running) running.checkTime(nowMs)
  }
}

const tickMs = 100
const agentOptions = {
  // Our own limits are finer: they pause with back-pressure and know the first byte from the others.
  headersTimeout: 0,
  bodyTimeout: 0,
  keepAliveTimeout: 15_000,
  pipelining: 1,
} satisfies Agent.Options

class RunningExchange implements Dispatcher.DispatchHandler, ExchangeControl {
  readonly #options: ExchangeOptions
  readonly #handlers: ExchangeHandlers
  readonly #onOver: () => void
  #controller: Dispatcher.DispatchController | undefined
  #lastByteMs = performance.now()
  #headSeen = false
  #paused = false
  #aborted = false
  #over = false

  constructor(options: ExchangeOptions, handlers: ExchangeHandlers, onOver: () => void) {
    this.#options = options
    this.#handlers = handlers
    this.#onOver = onOver
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#aborted) controller.abort(new Error('aborted'))
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (statusCode < 200 || this.#over) return
    this.#headSeen = true
    this.#lastByteMs = performance.now()
    this.#handlers.head(toHead(statusCode, headers))
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return
    this.#lastByteMs = performance.now()
    this.#handlers.data(chunk)
  }

  onResponseEnd(): void {
    if (this.#finish()) this.#handlers.end()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#finish()) this.#handlers.fail(toTransportFailure(error, this.#headSeen))
  }

  pause(): void {
    this.#paused = true
    this.#lastByteMs = performance.now()
    this.#controller?.pause()
  }

  resume(): void {
    this.#paused = false
    this.#lastByteMs = performance.now()
    this.#controller?.resume()
  }

  abort(): void {
    this.#aborted = true
    this.#finish()
    this.#controller?.abort(new Error('aborted'))
  }

  checkTime(nowMs: number): void {
    if (this.#over) return
    const limitMs = this.#headSeen ? this.#options.idleMs : this.#options.firstByteMs
    if (nowMs - this.#lastByteMs < limitMs) return
    const failure = this.#timeFailure(limitMs)
    const first = this.#finish()
    this.#controller?.abort(new Error(failure.message))
    if (first) this.#handlers.fail(failure)
  }

  #timeFailure(limitMs: number): TransportFailure {
    if (this.#paused) return { kind: 'reader-stalled', message: `the caller read nothing for ${limitMs} ms` }
    return this.#headSeen
      ? { kind: 'idle-timeout', message: `nothing came for ${limitMs} ms in the middle of the answer` }
      : { kind: 'first-byte-timeout', message: `no answer began within ${limitMs} ms` }
  }

  #finish(): boolean {
    if (this.#over) return false
    this.#over = true
    this.#onOver()
    return true
  }
}

function toHead(status: number, headers: Record<string, string | string[] | undefined>): ResponseHead {
  const joined: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) joined[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return { status, headers: joined }
}
