import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Logger } from '../../ports/logger.ts'
import type { HoldInput, Replica, Replicas, Standstill } from '../../ports/replicas.ts'
import {
  askForStandstill,
  endIfAbandoned,
  endStandstill,
  giveTurn,
  readStandstill,
  standstillChannel,
  takeTurn,
  whoStandsStill,
} from './standstill-row.ts'
import { holdsToJson } from './stored-holds.ts'

export interface PostgresReplicasOptions {
  readonly pool: pg.Pool
  readonly databaseUrl: string
  readonly self: Omit<Replica, 'leaseUntil' | 'startedAt'>
  /** How long the others wait for a process that is gone. */
  readonly leaseMs: number
  readonly log: Logger
}

const pollMs = 250
const askMs = 20
const standMsMax = 20_000
/** After this, whoever stands still looks whether the one that asked for it is still there. */
const patienceMs = 2_000

/**
 * The registry of processes and their standstills, in PostgreSQL: it must outlive the counters' store, whose loss is what
 * standstills are for. A process is asked by a notification (and by a poll, should that be lost), and answers in its row.
 */
export class PostgresReplicas implements Replicas {
  readonly #options: PostgresReplicasOptions
  #standstill: Standstill | undefined
  #listener: pg.Client | undefined
  #timers: NodeJS.Timeout[] = []
  #left = false
  /** By the clock that never jumps: when the lease was last confirmed. */
  #confirmedAt = Number.NEGATIVE_INFINITY
  /** The last standstill that this process came to, or that was over when it joined. */
  #stoodStill = 0
  #looking: Promise<void> | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: PostgresReplicasOptions) {
    this.#options = options
  }

  async join(standstill: Standstill): Promise<void> {
    const { pool, self, leaseMs } = this.#options
    this.#standstill = standstill
    await pool.query(`delete from replica where lease_until < now() - interval '1 day'`)
    const confirmedAt = performance.now()
    // A standstill that runs at this moment is one to come to: only what is over counts as stood through.
    const { rows } = await pool.query<{ stood_still: string }>(
      `insert into replica (id, role, host, version, lease_until, stood_still)
       values ($1, $2, $3, $4, now() + $5 * interval '1 millisecond',
         coalesce((select case when over then epoch else epoch - 1 end from standstill where id = 1), 0))
       returning stood_still`,
      [self.id, self.role, self.host, self.version, leaseMs],
    )
    this.#stoodStill = Number(rows[0]?.stood_still ?? 0)
    this.#confirmedAt = confirmedAt
    await this.#listen()
    this.#timers.push(
      setInterval(() => void this.#renew(), leaseMs / 3).unref(),
      setInterval(() => void this.#look(), pollMs).unref(),
    )
  }

  async leave(): Promise<void> {
    this.#left = true
    for (const timer of this.#timers) clearInterval(timer)
    await this.#listener?.end().catch(() => {})
    await this.#looking
    await this.#options.pool
      .query('delete from replica where id = $1', [this.#options.self.id])
      .catch(() => {})
  }

  hold<Result>(input: HoldInput<Result>): Promise<Result | undefined> {
    const turn = this.#turn.then(() => this.#holdOnce(input))
    this.#turn = turn.catch(() => {})
    return turn
  }

  async list(): Promise<readonly Replica[]> {
    const { rows } = await this.#options.pool.query<ReplicaRow>(
      'select id, role, host, version, started_at, lease_until from replica where lease_until > now() order by started_at',
    )
    return rows.map((row) => ({
      id: row.id,
      role: row.role,
      host: row.host,
      version: row.version,
      startedAt: row.started_at,
      leaseUntil: row.lease_until,
    }))
  }

  current(): boolean {
    return performance.now() - this.#confirmedAt < this.#options.leaseMs
  }

  async #holdOnce<Result>(input: HoldInput<Result>): Promise<Result | undefined> {
    const client = await this.#options.pool.connect()
    let epoch: number | undefined
    let broken: unknown
    try {
      await takeTurn(client)
      if (!(await input.needed())) return undefined
      epoch = await askForStandstill(client)
      void this.#look()
      const reservations = await this.#wait(client, epoch)
      return await input.work({ epoch, reservations })
    } catch (error) {
      broken = error
      throw error
    } finally {
      try {
        if (epoch !== undefined) {
          await endStandstill(client, epoch)
          await this.#look()
        }
        await giveTurn(client)
        client.release()
      } catch {
        // The lock goes with its connection; those who wait find out that nobody has it.
        client.release(broken instanceof Error ? broken : true)
      }
    }
  }

  /** Until every live process stands still: those who are gone are waited for as long as their lease. */
  async #wait(client: pg.PoolClient, epoch: number) {
    const untilMs = performance.now() + standMsMax
    for (;;) {
      const row = await whoStandsStill(client, epoch)
      if (row.moving === 0) return row.reservations
      if (performance.now() > untilMs)
        throw new Error(
          'not all processes came to a standstill in time; the ledger may be out of their reach',
        )
      await sleep(askMs)
    }
  }

  /** Comes to the standstill that is asked for, if one is, and stays until it is over. One look at a time. */
  #look(): Promise<void> {
    this.#looking ??= this.#comeToStandstill()
      .catch((error: unknown) => {
        this.#options.log.warn({ err: error }, 'this process could not come to a standstill')
      })
      .finally(() => {
        this.#looking = undefined
      })
    return this.#looking
  }

  async #comeToStandstill(): Promise<void> {
    const asked = await readStandstill(this.#options.pool)
    if (asked === undefined || asked.over || asked.epoch <= this.#stoodStill) return
    const standstill = this.#standstill
    if (standstill === undefined) return
    try {
      let epoch = asked.epoch
      const reservations = await standstill.stop()
      await this.#answer(epoch, holdsToJson(reservations))
      for (const since = performance.now(); !this.#left;) {
        const now = await readStandstill(this.#options.pool).catch(() => undefined)
        if (now !== undefined && now.epoch > epoch && !now.over) {
          epoch = now.epoch
          await this.#answer(epoch, holdsToJson(reservations))
        } else if (now?.over === true) {
          break
        }
        if (performance.now() - since > patienceMs && (await endIfAbandoned(this.#options.pool, epoch))) break
        await sleep(askMs)
      }
    } finally {
      await standstill.resume()
    }
  }

  async #answer(epoch: number, holds: string): Promise<void> {
    const { rowCount } = await this.#options.pool.query(
      'update replica set stood_still = $2, holds = $3 where id = $1 and lease_until > now()',
      [this.#options.self.id, epoch, holds],
    )
    // Nobody waits for a process without a lease: what it reports now may come too late to be put back.
    if (rowCount === 0) throw new Error('the lease of this process has run out')
    this.#stoodStill = epoch
  }

  async #renew(): Promise<void> {
    const askedAt = performance.now()
    try {
      if (await this.#extend()) {
        this.#confirmedAt = askedAt
      } else {
        await this.#catchUp()
      }
    } catch (error) {
      if (!this.#left)
        this.#options.log.warn({ err: error }, 'the lease of this process could not be renewed')
    }
  }

  /** `false`: the lease had run out. */
  async #extend(): Promise<boolean> {
    const { rowCount } = await this.#options.pool.query(
      `update replica set lease_until = now() + $2 * interval '1 millisecond' where id = $1 and lease_until > now()`,
      [this.#options.self.id, this.#options.leaseMs],
    )
    return rowCount === 1
  }

  /** A lease that ran out is taken again only between standstills, and after what was missed is made good. */
  async #catchUp(): Promise<void> {
    const { pool, self, leaseMs, log } = this.#options
    const asked = await readStandstill(this.#options.pool)
    if (asked?.over === false && !(await endIfAbandoned(this.#options.pool, asked.epoch))) return
    if (asked !== undefined && asked.epoch > this.#stoodStill) {
      log.warn({}, 'the lease of this process had run out, and the counters may have been rebuilt without it')
      await this.#standstill?.missed()
    }
    const { rows } = await pool.query<{ epoch: string }>(
      `insert into replica (id, role, host, version, lease_until, stood_still)
       values ($1, $2, $3, $4, now() + $5 * interval '1 millisecond', $6)
       on conflict (id) do update set lease_until = excluded.lease_until, stood_still = excluded.stood_still
       returning coalesce((select epoch from standstill where id = 1), 0) as epoch`,
      [self.id, self.role, self.host, self.version, leaseMs, asked?.epoch ?? 0],
    )
    // Another standstill began meanwhile: the next round catches up with that one as well.
    this.#stoodStill = asked?.epoch ?? 0
    if (Number(rows[0]?.epoch) !== this.#stoodStill) await this.#lapse()
  }

  async #lapse(): Promise<void> {
    await this.#options.pool.query(`update replica set lease_until = now() where id = $1`, [
      this.#options.self.id,
    ])
  }

  async #listen(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#options.databaseUrl,
      application_name: 'tollgate standstill',
    })
    client.on('notification', () => void this.#look())
    // The poll carries on while there is no listener.
    client.on('error', () => {})
    client.on('end', () => {
      if (!this.#left && this.#listener === client)
        setTimeout(() => void this.#listen().catch(() => {}), 1_000).unref()
    })
    this.#listener = client
    await client.connect()
    await client.query(`listen ${standstillChannel}`)
  }
}

interface ReplicaRow {
  readonly id: string
  readonly role: Replica['role']
  readonly host: string
  readonly version: string
  readonly started_at: Date
  readonly lease_until: Date
}
