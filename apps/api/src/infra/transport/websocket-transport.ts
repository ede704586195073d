import type { WebSocketExchange } from '@tollgate/adapters/contract'
import { Agent, type IncomingMessage } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import { WebSocket, type ClientOptions } from 'ws'
import type { ExchangeControl, ExchangeHandlers, ExchangeOptions } from '../../ports/transport.ts'
import { connectMs, guardedLookup, refuseLiteral, type AddressGuard } from './guarded-connector.ts'
import { Patience } from './patience.ts'
import type { RunningExchanges, TimedExchange } from './running-exchanges.ts'
import { toTransportFailure } from './transport-failure.ts'
import { toHead } from './undici-transport.ts'

/** Conversations on a WebSocket: one socket for each, because the platforms that have them take one request a socket. */
export class WebSocketTransport {
  readonly #running: RunningExchanges
  readonly #open = new Set<Conversation>()

  constructor(running: RunningExchanges) {
    this.#running = running
  }

  open(exchange: WebSocketExchange, options: ExchangeOptions, handlers: ExchangeHandlers): ExchangeControl {
    const conversation = new Conversation(exchange, options, handlers, () => {
      this.#running.remove(conversation)
      this.#open.delete(conversation)
    })
    this.#running.add(conversation)
    this.#open.add(conversation)
    conversation.start()
    return conversation
  }

  close(): void {
    for (const conversation of this.#open) conversation.abort()
  }
}

/** A frame larger than this is not believed. Real ones stay far below. */
const frameBytesMax = 4 * 1_048_576

/** An agent keeps nothing here: it is how Node is told by which look-up to dial. */
function dialler(isSecure: boolean, guard: AddressGuard): Agent {
  const lookup = guardedLookup(guard)
  return isSecure ? new SecureAgent({ lookup }) : new Agent({ lookup })
}

class Conversation implements ExchangeControl, TimedExchange {
  readonly #exchange: WebSocketExchange
  readonly #guard: AddressGuard
  readonly #handlers: ExchangeHandlers
  readonly #onOver: () => void
  readonly #patience: Patience
  #socket: WebSocket | undefined
  #opened = false
  #over = false

  constructor(
    exchange: WebSocketExchange,
    options: ExchangeOptions,
    handlers: ExchangeHandlers,
    onOver: () => void,
  ) {
    this.#exchange = exchange
    this.#guard = options
    this.#handlers = handlers
    this.#onOver = onOver
    this.#patience = new Patience(options)
  }

  start(): void {
    const { url, headers } = this.#exchange
    const { hostname, protocol } = new URL(url)
    const refused = refuseLiteral(hostname, this.#guard)
    if (refused !== undefined) {
      this.#fail(refused)
      return
    }
    const options: ClientOptions = {
      headers: { ...headers },
      handshakeTimeout: connectMs,
      maxPayload: frameBytesMax,
      perMessageDeflate: false,
      followRedirects: false,
      agent: dialler(protocol === 'wss:', this.#guard),
    }
    const socket = (this.#socket = new WebSocket(url, options))
    socket.on('open', () => this.#onOpen(socket))
    socket.on('message', (data: Buffer) => this.#onFrame(data))
    socket.on('ping', () => this.#patience.alive())
    socket.on('unexpected-response', (_request, response) => this.#onRefusal(response))
    socket.on('close', () => {
      if (!this.#opened) this.#fail(new Error('closed'))
      // The platform closed without a last frame: whether that was an answer is for the reader to say.
      else if (this.#finish()) this.#handlers.end()
    })
    socket.on('error', (error) => this.#fail(error))
  }

  answerBegan(): void {
    this.#patience.answerBegan()
  }

  pause(): void {
    this.#patience.pause(true)
    this.#socket?.pause()
  }

  resume(): void {
    this.#patience.pause(false)
    this.#socket?.resume()
  }

  abort(): void {
    this.#finish()
    this.#socket?.terminate()
  }

  checkTime(nowMs: number): void {
    const failure = this.#over ? undefined : this.#patience.overdue(nowMs)
    if (failure === undefined || !this.#finish()) return
    this.#socket?.terminate()
    this.#handlers.fail(failure)
  }

  #onOpen(socket: WebSocket): void {
    if (this.#over) return
    this.#opened = true
    this.#patience.alive()
    for (const frame of this.#exchange.frames) socket.send(frame)
    this.#handlers.head({ status: 200, headers: {} })
  }

  #onFrame(data: Buffer): void {
    if (this.#over) return
    this.#patience.alive()
    const isLast = this.#exchange.isLast(data.toString('utf8'))
    this.#handlers.data(data)
    if (!isLast || !this.#finish()) return
    this.#socket?.close()
    this.#handlers.end()
  }

  /** The handshake was answered by plain HTTP: a refusal, whose body says why. */
  #onRefusal(response: IncomingMessage): void {
    if (this.#over) return
    this.#patience.alive()
    this.#handlers.head(toHead(response.statusCode ?? 500, response.headers))
    response.on('data', (chunk: Buffer) => {
      if (!this.#over) this.#handlers.data(chunk)
    })
    response.on('end', () => {
      if (this.#finish()) this.#handlers.end()
    })
    response.on('error', (error) => this.#fail(error))
  }

  #fail(error: Error): void {
    if (!this.#finish()) return
    this.#socket?.terminate()
    this.#handlers.fail(toTransportFailure(error, this.#opened))
  }

  #finish(): boolean {
    if (this.#over) return false
    this.#over = true
    this.#onOver()
    return true
  }
}
