import { Redis } from 'ioredis'
import { CountersUnavailable } from '../../../ports/counters.ts'
import type { Logger } from '../../../ports/logger.ts'
import { changeScript } from './change-script.ts'
import { isList } from './is-list.ts'
import { reserveScript } from './reserve-script.ts'
import type { Script } from './script.ts'
import { assertNothingIsEvicted, EvictionPolicyError, parseServerInfo } from './server-info.ts'
import {
  adjustScript,
  expiredScript,
  forgetScript,
  publishScript,
  readScript,
  restoreScript,
  seedScript,
} from './upkeep-scripts.ts'

const scripts = [
  reserveScript,
  changeScript,
  readScript,
  seedScript,
  adjustScript,
  restoreScript,
  expiredScript,
  forgetScript,
  publishScript,
]

const retryMsMin = 50
const retryMsMax = 1_000

/** A connection that was checked: which run of the server it leads to. */
export interface Session {
  readonly runId: string
}

export interface StoreLinkOptions {
  readonly url: string
  readonly log: Logger
  /** A server that does not answer for this long is taken for gone. */
  readonly answerMsMax: number
  /** A connection was made and checked; when this rejects, another one is made. */
  readonly onUp: (session: Session) => Promise<void>
  readonly onDown: () => void
}

/**
 * The connection to the store. Nothing is queued and nothing is sent twice by the client: a command either goes out on
 * a connection that was checked, or fails at once, and whether it may be repeated is decided by who sent it.
 */
export class StoreLink {
  readonly #options: StoreLinkOptions
  readonly #redis: Redis
  #session: Session | undefined
  #connections = 0
  #failedChecks = 0
  #isGathering = false
  #lastError = 'no connection'
  #firstUp: PromiseWithResolvers<void> = Promise.withResolvers()

  constructor(options: StoreLinkOptions) {
    this.#options = options
    this.#redis = new Redis(options.url, {
      lazyConnect: true,
      connectionName: 'tollgate-counters',
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: options.answerMsMax,
      socketTimeout: options.answerMsMax,
      retryStrategy: (times) => backoffMs(Math.max(times, this.#failedChecks)),
      // A primary that became a replica keeps its connections: the next one leads to the new primary.
      reconnectOnError: (error) => /^(READONLY|MASTERDOWN)\b/.test(error.message),
    })
    this.#redis.on('error', (error: Error) => this.#say(error.message))
    this.#redis.on('ready', () => void this.#check())
    this.#redis.on('close', () => {
      this.#connections += 1
      this.#session = undefined
      options.onDown()
    })
  }

  get session(): Session | undefined {
    return this.#session
  }

  /** Resolves when the first connection is checked; rejects when there is none in time, or it leads to no place for counters. */
  async start(connectMsMax: number): Promise<void> {
    const timer = setTimeout(
      () =>
        this.#firstUp.reject(
          new Error(`The counter store (REDIS_URL) cannot be reached: ${this.#lastError}`),
        ),
      connectMsMax,
    )
    try {
      // What goes wrong here is said by the error event, and tried again.
      this.#redis.connect().catch(() => {})
      await this.#firstUp.promise
    } catch (error) {
      this.#redis.disconnect()
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  /** Runs a script; the values of its answer are texts. */
  async run(script: Script, keys: readonly string[], args: readonly string[]): Promise<string[]> {
    const session = this.#session
    if (session === undefined) throw new CountersUnavailable('the counter store is away')
    this.#gather()
    try {
      return texts(await this.#redis.call('EVALSHA', script.sha, String(keys.length), ...keys, ...args))
    } catch (error) {
      // Somebody emptied the server's store of scripts. EVAL fills it again.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT') || session !== this.#session)
        throw error
      return texts(await this.#redis.call('EVAL', script.source, String(keys.length), ...keys, ...args))
    }
  }

  async call(command: string, ...args: readonly string[]): Promise<unknown> {
    if (this.#session === undefined) throw new CountersUnavailable('the counter store is away')
    return this.#redis.call(command, ...args)
  }

  async close(): Promise<void> {
    // Lets the answers of what was sent come in.
    if (this.#session !== undefined) await this.#redis.quit().catch(() => {})
    this.#redis.disconnect()
  }

  /** What is sent in one turn goes out in one write: a system call costs more than a command. */
  #gather(): void {
    if (this.#isGathering) return
    this.#isGathering = true
    const { stream } = this.#redis
    stream.cork()
    process.nextTick(() => {
      this.#isGathering = false
      stream.uncork()
    })
  }

  async #check(): Promise<void> {
    const connection = this.#connections
    try {
      const info = parseServerInfo(String(await this.#redis.call('INFO', 'server', 'memory')))
      assertNothingIsEvicted(info)
      if (info.maxmemoryPolicy === undefined)
        this.#options.log.warn({}, 'the counter store hides its maxmemory-policy: it must be noeviction')
      await Promise.all(scripts.map(({ source }) => this.#redis.call('SCRIPT', 'LOAD', source)))
      if (connection !== this.#connections) return
      this.#session = { runId: info.runId }
      await this.#options.onUp(this.#session)
      if (connection !== this.#connections) return
      this.#failedChecks = 0
      this.#firstUp.resolve()
    } catch (error) {
      if (connection !== this.#connections) return
      this.#failedChecks += 1
      const message = error instanceof Error ? error.message : String(error)
      if (error instanceof EvictionPolicyError) {
        this.#firstUp.reject(error)
        this.#options.log.error({}, message)
      } else {
        this.#say(message)
      }
      this.#redis.disconnect(true)
    }
  }

  /** The same trouble, tried again and again, is said once. */
  #say(message: string): void {
    if (message === this.#lastError) return
    this.#lastError = message
    this.#options.log.warn({ error: message }, 'trouble with the counter store')
  }
}

function backoffMs(times: number): number {
  return Math.min(retryMsMin * 2 ** Math.max(times - 1, 0), retryMsMax)
}

function texts(reply: unknown): string[] {
  if (!isList(reply)) throw new Error('the counter store answered with something else than a list')
  return reply.map(String)
}
