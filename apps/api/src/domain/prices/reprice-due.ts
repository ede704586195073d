import { sql } from '../../ports/database.ts'
import type { JobResult } from '../../ports/jobs.ts'
import { systemActor, type Actor } from '../administration/actor.ts'
import { writeAudit } from '../administration/change.ts'
import { formatNanos } from './format-nanos.ts'
import { repriceUsage, type Repriced, type RepriceServices } from './reprice-usage.ts'

/**
 * The job `reprice-usage`, every minute: carries prices to what was booked at others. Where a price comes from (the API, the
 * configuration file, the price book) makes no difference, and what a run leaves over the next one does.
 *
 * A version is carried to all of its records twice: as soon as it is in force, and a day later, when journals of processes
 * that were away have arrived. In between, for a while after it came into force, it is carried to the newest records:
 * those of requests that were running, and had begun at the price before.
 */
export async function repriceDue(services: RepriceServices, signal: AbortSignal): Promise<JobResult> {
  const nowMs = services.clock.now()
  const rows = await services.db.$queryRaw<DueRow[]>(sql`
    select id::text, effective_from, in_force_since, all_records from (
      select id, effective_from, in_force_since, repriced_at is null
          or (repriced_at < in_force_since + ${lateDays} * interval '1 day'
            and in_force_since + ${lateDays} * interval '1 day' <= ${new Date(nowMs)}) as all_records
      from (select *, greatest(created_at, effective_from) as in_force_since from price_version) version
      where effective_from <= ${new Date(nowMs)}
    ) version
    where all_records or in_force_since > ${new Date(nowMs - runningMs)}`)
  const all = rows.filter((row) => row.all_records)
  const newest = rows.filter((row) => !row.all_records)
  const requestsMax = requestsMaxOfRun
  const done = { requests: 0, complete: true }
  if (all.length > 0) {
    const fromMs = Math.min(...all.map((row) => row.effective_from.getTime()))
    const ids = all.map((row) => row.id)
    add(done, await carryPrices(services, systemActor, { versionIds: ids, fromMs, requestsMax, signal }))
  }
  if (newest.length > 0) {
    const fromMs = Math.min(...newest.map((row) => row.in_force_since.getTime())) - runningMs
    const versionIds = newest.map((row) => row.id)
    const input = { versionIds, fromMs, requestsMax, signal }
    add(done, await carry(services, systemActor, input))
  }
  return done
}

/** Looks through all records of these versions and, once they are all corrected, notes that on the versions. */
export async function carryPrices(
  services: RepriceServices,
  actor: Actor,
  input: CarryInput,
): Promise<Repriced> {
  const startedAt = new Date(services.clock.now())
  const repriced = await carry(services, actor, input)
  if (repriced.complete) {
    await services.db.priceVersion.updateMany({
      where: { id: { in: [...input.versionIds] } },
      data: { repricedAt: startedAt },
    })
  }
  return repriced
}

interface CarryInput {
  readonly versionIds: readonly string[]
  readonly fromMs: number
  readonly requestsMax: number
  readonly signal?: AbortSignal
}

interface DueRow {
  readonly id: string
  readonly effective_from: Date
  readonly in_force_since: Date
  readonly all_records: boolean
}

/** Longer than a request may run and its record be on its way. */
const runningMs = 2 * 3_600_000
const lateDays = 1
/** A minute of work or so; the next run goes on. */
const requestsMaxOfRun = 200_000

async function carry(services: RepriceServices, actor: Actor, input: CarryInput): Promise<Repriced> {
  const repriced = await repriceUsage(services, {
    ...input,
    actor: actor.id,
    reason: 'The price in force when the request began was set after it had been booked.',
  })
  if (repriced.requests > 0) {
    await services.db.$transaction((tx) =>
      writeAudit(tx, actor, {
        action: 'price.reprice',
        subject: input.versionIds.length === 1 ? `price:${input.versionIds[0]}` : 'prices',
        details: {
          requests: repriced.requests,
          listCost: formatNanos(repriced.listCostNanos),
          billedCost: formatNanos(repriced.billedCostNanos),
        },
      }),
    )
  }
  return repriced
}

function add(done: { requests: number; complete: boolean }, repriced: Repriced): void {
  done.requests += repriced.requests
  done.complete &&= repriced.complete
}
