import type { HttpExchange, ResponseHead } from '@tollgate/adapters/contract'
import { Agent, type Dispatcher } from 'undici'
import type { ExchangeControl, ExchangeHandlers, ExchangeOptions } from '../../ports/transport.ts'
import { guardedConnector } from './guarded-connector.ts'
import { Patience } from './patience.ts'
import type { RunningExchanges, TimedExchange } from './running-exchanges.ts'
import { toTransportFailure } from './transport-failure.ts'

/**
 * HTTP exchanges. One connection pool for each origin, without a cap: a cap on sockets would be a cap on concurrent
 * streams. `dispatch` is the cheapest way through undici: bytes arrive in a callback, nothing is wrapped in a stream.
 */
export class UndiciTransport {
  readonly #guarded = new Agent({ ...agentOptions, connect: guardedConnector({ privateAllowed: false }) })
  readonly #open = new Agent({ ...agentOptions, connect: guardedConnector({ privateAllowed: true }) })
  readonly #running: RunningExchanges

  constructor(running: RunningExchanges) {
    this.#running = running
  }

  open(exchange: HttpExchange, options: ExchangeOptions, handlers: ExchangeHandlers): ExchangeControl {
    const running = new RunningExchange(options, handlers, () => this.#running.remove(running))
    this.#running.add(running)
    const url = new URL(exchange.url)
    const agent = options.privateAllowed ? this.#open : this.#guarded
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
    await Promise.all([this.#guarded.destroy(), this.#open.destroy()])
  }
}

const agentOptions = {
  // Our own limits are finer: they pause with back-pressure and know the first byte from the others.
  headersTimeout: 0,
  bodyTimeout: 0,
  keepAliveTimeout: 15_000,
  pipelining: 1,
} satisfies Agent.Options

class RunningExchange implements Dispatcher.DispatchHandler, ExchangeControl, TimedExchange {
  readonly #handlers: ExchangeHandlers
  readonly #onOver: () => void
  readonly #patience: Patience
  #controller: Dispatcher.DispatchController | undefined
  #headSeen = false
  #aborted = false
  #over = false

  constructor(options: ExchangeOptions, handlers: ExchangeHandlers, onOver: () => void) {
    this.#patience = new Patience(options)
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
    this.#patience.alive()
    this.#handlers.head(toHead(statusCode, headers))
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return
    this.#patience.alive()
    this.#handlers.data(chunk)
  }

  onResponseEnd(): void {
    if (this.#finish()) this.#handlers.end()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#finish()) this.#handlers.fail(toTransportFailure(error, this.#headSeen))
  }

  answerBegan(): void {
    this.#patience.answerBegan()
  }

  pause(): void {
    this.#patience.pause(true)
    this.#controller?.pause()
  }

  resume(): void {
    this.#patience.pause(false)
    this.#controller?.resume()
  }

  abort(): void {
    this.#aborted = true
    this.#finish()
    this.#controller?.abort(new Error('aborted'))
  }

  checkTime(nowMs: number): void {
    if (this.#over) return
    const failure = this.#patience.overdue(nowMs)
    if (failure === undefined) return
    const first = this.#finish()
    this.#controller?.abort(new Error(failure.message))
    if (first) this.#handlers.fail(failure)
  }

  #finish(): boolean {
    if (this.#over) return false
    this.#over = true
    this.#onOver()
    return true
  }
}

/** Header names are lower case already; a repeated header is joined. */
export function toHead(status: number, headers: Record<string, string | string[] | undefined>): ResponseHead {
  const joined: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) joined[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return { status, headers: joined }
}
