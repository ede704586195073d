import pg from 'pg'
import { seedCounters, unknownCounters } from '../../domain/ledger/seed-counters.ts'
import type { Drainer } from '../../domain/ledger/drainer.ts'
import type { Snapshot } from '../../domain/snapshot/snapshot.ts'
import type { SnapshotControl } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { CounterUpkeep } from '../../ports/counters.ts'
import type { Ledger } from '../../ports/ledger.ts'
import type { Logger } from '../../ports/logger.ts'
import type { Secrets } from '../../ports/secrets.ts'
import { buildSnapshot } from './build-snapshot.ts'
import { readSnapshotRows } from './snapshot-rows.ts'

export interface SnapshotKeeperOptions {
  readonly pool: pg.Pool
  readonly databaseUrl: string
  readonly secrets: Secrets
  readonly counters: CounterUpkeep
  readonly ledger: Ledger
  readonly drainer: Drainer
  readonly clock: Clock
  readonly log: Logger
}

/** The channel on which Postgres says that configuration has changed. */
const configurationChannel = 'tollgate_config'

const pollMs = 15_000
const relistenMs = 1_000
const drainMs = 5_000

/**
 * Holds the newest snapshot. It is rebuilt when Postgres notifies, when `refresh` is called, and every few seconds in
 * case a notification was lost; a rebuild that fails leaves the old one in force.
 */
export class SnapshotKeeper implements SnapshotControl {
  readonly #options: SnapshotKeeperOptions
  #current: Snapshot | undefined
  #version = 0
  #building: Promise<void> | undefined
  #again: Promise<void> | undefined
  #listener: pg.Client | undefined
  #pollTimer: NodeJS.Timeout | undefined
  #relistenTimer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(options: SnapshotKeeperOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    await this.refresh()
    await this.#listen()
    this.#pollTimer = setInterval(() => void this.#refreshQuietly(), pollMs).unref()
  }

  current(): Snapshot {
    if (this.#current === undefined) throw new Error('the snapshot is read before it was built')
    return this.#current
  }

  /** A rebuild that is under way may have read before the caller's change: then one more follows. */
  refresh(): Promise<void> {
    if (this.#building === undefined) {
      this.#building = this.#build().finally(() => {
        this.#building = undefined
      })
      return this.#building
    }
    this.#again ??= this.#building
      .catch(() => {})
      .then(() => {
        this.#again = undefined
        return this.refresh()
      })
    return this.#again
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#pollTimer)
    clearTimeout(this.#relistenTimer)
    await this.#listener?.end().catch(() => {})
  }

  async #build(): Promise<void> {
    const { pool, secrets, log, drainer } = this.#options
    const rows = await readSnapshotRows(pool)
    this.#version += 1
    const snapshot = buildSnapshot(rows, { version: this.#version, secrets, log })
    const unknown = await unknownCounters(this.#options, snapshot)
    if (unknown.quotas.length > 0 || unknown.grants.length > 0) {
      await drainer.drain(drainMs)
      await seedCounters(this.#options, snapshot, unknown)
    }
    this.#current = snapshot
  }

  async #refreshQuietly(): Promise<void> {
    try {
      await this.refresh()
    } catch (error) {
      this.#options.log.warn(
        { err: error },
        'the configuration could not be read again; the last one stays in force',
      )
    }
  }

  async #listen(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#options.databaseUrl,
      application_name: 'tollgate listen',
    })
    client.on('notification', () => void this.#refreshQuietly())
    client.on('error', () => this.#listenAgain(client))
    client.on('end', () => this.#listenAgain(client))
    try {
      await client.connect()
      await client.query(`listen ${configurationChannel}`)
      this.#listener = client
    } catch {
      this.#listenAgain(client)
    }
  }

  #listenAgain(client: pg.Client): void {
    if (this.#stopped || this.#relistenTimer !== undefined) return
    client.removeAllListeners()
    client.on('error', () => {})
    this.#relistenTimer = setTimeout(() => {
      this.#relistenTimer = undefined
      // What was changed while nobody listened is read now.
      void this.#listen().then(() => this.#refreshQuietly())
    }, relistenMs).unref()
  }
}
