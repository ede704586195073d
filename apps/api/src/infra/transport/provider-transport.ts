import type { Exchange } from '@tollgate/adapters/contract'
import type { ExchangeControl, ExchangeHandlers, ExchangeOptions, Transport } from '../../ports/transport.ts'
import { RunningExchanges } from './running-exchanges.ts'
import { UndiciTransport } from './undici-transport.ts'
import { WebSocketTransport } from './websocket-transport.ts'

/** Carries exchanges to providers: over HTTP or a WebSocket, dialled through one guard, within one set of time limits. */
export class ProviderTransport implements Transport {
  readonly #running = new RunningExchanges()
  readonly #http = new UndiciTransport(this.#running)
  readonly #webSocket = new WebSocketTransport(this.#running)
  readonly #privateAllowed: boolean

  /** `privateAllowed`: the operator allows private addresses to everybody who may add accounts. */
  constructor(options: { readonly privateAllowed: boolean }) {
    this.#privateAllowed = options.privateAllowed
  }

  open(exchange: Exchange, options: ExchangeOptions, handlers: ExchangeHandlers): ExchangeControl {
    const guarded =
      options.privateAllowed || !this.#privateAllowed ? options : { ...options, privateAllowed: true }
    return exchange.transport === 'http'
      ? this.#http.open(exchange, guarded, handlers)
      : this.#webSocket.open(exchange, guarded, handlers)
  }

  async close(): Promise<void> {
    this.#running.stop()
    this.#webSocket.close()
    await this.#http.close()
  }
}
