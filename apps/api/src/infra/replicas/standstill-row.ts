import type pg from 'pg'
import type { StoredReservation } from '../../ports/counters.ts'
import { holdsFromJson, type StoredHolds } from './stored-holds.ts'

/** On it PostgreSQL says that a standstill was asked for, or is over. */
export const standstillChannel = 'tollgate_standstill'

/** One standstill at a time among all processes; the lock goes with the connection that has it. */
const lockKey = 7_201_988

export interface AskedStandstill {
  readonly epoch: number
  readonly over: boolean
}

/** Waits for its turn. */
export async function takeTurn(client: pg.PoolClient): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [lockKey])
}

export async function giveTurn(client: pg.PoolClient): Promise<void> {
  await client.query('select pg_advisory_unlock($1)', [lockKey])
}

/** Resolves with its epoch, a number that no standstill had before. */
export async function askForStandstill(client: pg.PoolClient): Promise<number> {
  const { rows } = await client.query<{ epoch: string }>(
    `insert into standstill (id, epoch, over) values (1, 1, false)
     on conflict (id) do update set epoch = standstill.epoch + 1, over = false, asked_at = now()
     returning epoch`,
  )
  await client.query(`notify ${standstillChannel}`)
  return Number(rows[0]?.epoch)
}

export async function endStandstill(client: pg.PoolClient, epoch: number): Promise<void> {
  await client.query('update standstill set over = true where id = 1 and epoch = $1', [epoch])
  await client.query(`notify ${standstillChannel}`)
}

/** `undefined`: none was ever asked for. */
export async function readStandstill(pool: pg.Pool): Promise<AskedStandstill | undefined> {
  const { rows } = await pool.query<{ epoch: string; over: boolean }>(
    'select epoch, over from standstill where id = 1',
  )
  const [row] = rows
  return row === undefined ? undefined : { epoch: Number(row.epoch), over: row.over }
}

/** How many live processes still move, and what those that stand still hold. */
export async function whoStandsStill(
  client: pg.PoolClient,
  epoch: number,
): Promise<{ readonly moving: number; readonly reservations: readonly StoredReservation[] }> {
  const { rows } = await client.query<{ moving: number; still: StoredHolds[][] }>(
    `select count(*) filter (where stood_still < $1 and lease_until > now())::int as moving,
       coalesce(jsonb_agg(holds) filter (where stood_still = $1), '[]') as still
     from replica`,
    [epoch],
  )
  const [row] = rows
  return { moving: row?.moving ?? 0, reservations: (row?.still ?? []).flatMap(holdsFromJson) }
}

/** The one that asked died: its lock is free. Whoever finds out ends the standstill for all. */
export async function endIfAbandoned(pool: pg.Pool, epoch: number): Promise<boolean> {
  const client = await pool.connect()
  try {
    const { rows } = await client.query<{ free: boolean }>('select pg_try_advisory_lock($1) as free', [
      lockKey,
    ])
    if (rows[0]?.free !== true) return false
    await client.query('update standstill set over = true where id = 1 and epoch = $1', [epoch])
    await giveTurn(client)
    return true
  } finally {
    client.release()
  }
}
