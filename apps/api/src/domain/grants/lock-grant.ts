import { sql, type Tx } from '../../ports/database.ts'
import { calendarWindow } from '../counters/calendar.ts'

/** A grant whose row nobody else changes until the transaction ends, with its sums of that moment. */
export interface LockedGrant {
  readonly id: string
  readonly name: string
  readonly expiresAtMs: number | undefined
  /** The end of the window that was asked for; `undefined`: a one-off grant has no windows. */
  readonly turnsAtMs: number | undefined
  /** Sum of the entries in force in that window, but for those of its expiry. */
  readonly granted: bigint
  /** Sum of the entries of its expiry: what was taken away, so 0 or less. */
  readonly lapsed: bigint
  /** What the ledger says was used of it in that window. */
  readonly used: bigint
}

/**
 * Takes the lock under which entries are computed from what is there: whoever comes second sees the first one's entry.
 * `undefined`: the grant is gone. Sums are read after the lock, by statements of their own, or they would be those of
 * the moment at which the waiting began.
 */
export async function lockGrant(
  tx: Tx,
  input: { readonly grantId: string; readonly atMs: number; readonly timeZone: string },
): Promise<LockedGrant | undefined> {
  const [row] = await tx.$queryRaw<GrantRow[]>`
    select name, "window", expires_at from "grant" where id = ${input.grantId}::uuid for update`
  if (row === undefined) return undefined
  const renews = row.window === 'day' || row.window === 'month'
  const window = renews
    ? calendarWindow(row.window, input.atMs, input.timeZone)
    : { startMs: 0, endMs: undefined }
  const [sums] = await tx.$queryRaw<SumRow[]>`
    select coalesce(sum(amount) filter (where kind <> 'expiry'), 0)::bigint as granted,
           coalesce(sum(amount) filter (where kind = 'expiry'), 0)::bigint as lapsed
    from grant_entry where grant_id = ${input.grantId}::uuid
      and (effective_until is null or effective_until > ${new Date(input.atMs)})`
  return {
    id: input.grantId,
    name: row.name,
    expiresAtMs: row.expires_at?.getTime(),
    turnsAtMs: window.endMs,
    granted: sums?.granted ?? 0n,
    lapsed: sums?.lapsed ?? 0n,
    used: await usedBetween(tx, input.grantId, window.startMs, window.endMs),
  }
}

interface GrantRow {
  readonly name: string
  readonly window: string
  readonly expires_at: Date | null
}

interface SumRow {
  readonly granted: bigint
  readonly lapsed: bigint
}

/** Whole hours from the rollup; a window of a time zone that is half an hour off begins and ends within one. */
async function usedBetween(
  tx: Tx,
  grantId: string,
  fromMs: number,
  toMs: number | undefined,
): Promise<bigint> {
  const untilMs = toMs ?? farMs
  const firstHour = Math.ceil(fromMs / hourMs) * hourMs
  const lastHour = Math.floor(untilMs / hourMs) * hourMs
  const parts = [
    { from: new Date(fromMs), to: new Date(firstHour) },
    { from: new Date(lastHour), to: new Date(untilMs) },
  ].filter(({ from, to }) => from < to)
  const raw = await Promise.all(parts.map(({ from, to }) => usedWithin(tx, grantId, from, to)))
  const [row] = await tx.$queryRaw<{ used: bigint }[]>(sql`
    select coalesce(sum(grant_amount), 0)::bigint as used from usage_rollup
    where grant_id = ${grantId}::uuid and hour >= ${new Date(firstHour)} and hour < ${new Date(lastHour)}`)
  return raw.reduce((sum, part) => sum + part, row?.used ?? 0n)
}

async function usedWithin(tx: Tx, grantId: string, from: Date, to: Date): Promise<bigint> {
  const [row] = await tx.$queryRaw<{ used: bigint }[]>(sql`
    select (coalesce((select sum(grant_amount) from usage_record
              where grant_id = ${grantId}::uuid and started_at >= ${from} and started_at < ${to}), 0)
          + coalesce((select sum(grant_amount) from usage_adjustment
              where grant_id = ${grantId}::uuid and started_at >= ${from} and started_at < ${to}), 0))::bigint as used`)
  return row?.used ?? 0n
}

const hourMs = 3_600_000
const farMs = Date.UTC(9999, 0)
