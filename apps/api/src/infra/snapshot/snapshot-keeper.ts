import pg from 'pg'
import type { UnknownCounters } from '../../domain/ledger/seed-counters.ts'
import type { Snapshot } from '../../domain/snapshot/snapshot.ts'
import type { SnapshotControl } from '../../ports/books.ts'
import type { Logger } from '../../ports/logger.ts'
import type { Secrets } from '../../ports/secrets.ts'
import { buildSnapshot } from './build-snapshot.ts'
import { leaveOut } from './leave-out.ts'
import { readSnapshotRows, type SnapshotRows } from './snapshot-rows.ts'

export interface SnapshotKeeperOptions {
  readonly pool: pg.Pool
  readonly databaseUrl: string
  readonly secrets: Secrets
  /** The counters of the snapshot that are not filled yet; `undefined`: they cannot be asked at this moment. */
  readonly unknown: (snapshot: Snapshot) => Promise<UnknownCounters | undefined>
  /** Fills them, in a standstill that ends with `reload`. */
  readonly fill: (snapshot: Snapshot) => Promise<void>
  readonly log: Logger
}

/** The channel on which Postgres says that configuration has changed. */
const configurationChannel = 'tollgate_config'

const pollMs = 15_000
const relistenMs = 1_000

/**
 * Holds the newest snapshot. It is rebuilt when Postgres notifies, when `refresh` is called, and every few seconds in
 * case a notification was lost; a rebuild that fails leaves the old one in force.
 */
export class SnapshotKeeper implements SnapshotControl {
  readonly #options: SnapshotKeeperOptions
  #current: Snapshot | undefined
  #version = 0
  #reads = 0
  #taken = 0
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

  /** `undefined`: nothing was read yet. */
  newest(): Snapshot | undefined {
    return this.#current
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

  /**
   * Takes over what is in the database now, without waiting for counters that are not filled yet. Called while the books
   * stand still: once they move again, every settlement must know the counters that were just filled.
   */
  async reload(): Promise<void> {
    const { pool } = this.#options
    this.#reads += 1
    const read = this.#reads
    const rows = await readSnapshotRows(pool)
    const snapshot = this.#snapshotOf(rows)
    const unknown = await this.#options.unknown(snapshot)
    if (unknown === undefined) return
    const isComplete = unknown.quotas.length === 0 && unknown.grants.length === 0
    this.#take(isComplete ? snapshot : this.#snapshotOf(leaveOut(rows, unknown)), read)
  }

  async #build(): Promise<void> {
    this.#reads += 1
    const read = this.#reads
    const snapshot = this.#snapshotOf(await readSnapshotRows(this.#options.pool))
    const unknown = await this.#options.unknown(snapshot)
    if (unknown !== undefined && unknown.quotas.length === 0 && unknown.grants.length === 0) {
      this.#take(snapshot, read)
      return
    }
    await this.#options.fill(snapshot)
    await this.reload()
  }

  #snapshotOf(rows: SnapshotRows): Snapshot {
    this.#version += 1
    return buildSnapshot(rows, {
      version: this.#version,
      secrets: this.#options.secrets,
      log: this.#options.log,
    })
  }

  /** Two reads may end in the other order than they began: the newer one stays. */
  #take(snapshot: Snapshot, read: number): void {
    if (read < this.#taken) return
    this.#taken = read
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
