import type { Clock } from '../../ports/clock.ts'
import type { CounterUpkeep } from '../../ports/counters.ts'
import type { Ledger } from '../../ports/ledger.ts'
import { grantCounter, grantCounterId, quotaCounter, quotaCounterId } from '../counters/windows.ts'
import type { GrantEntry, QuotaEntry, Snapshot } from '../snapshot/snapshot.ts'

interface SeedServices {
  readonly clock: Clock
  readonly counters: CounterUpkeep
  readonly ledger: Ledger
}

/** Quotas and grants that the counters do not know yet: all of them at a cold start, new ones later. */
export async function unknownCounters(services: SeedServices, snapshot: Snapshot): Promise<UnknownCounters> {
  const atMs = services.clock.now()
  const { quotas, grants } = everyCounter(snapshot)
  const unknown = new Set(
    (
      await services.counters.unknown([
        ...quotas.map((quota) => quotaCounter(quota, atMs, snapshot.timeZone)),
        ...grants.map((grant) => grantCounter(grant, atMs, snapshot.timeZone)),
      ])
    ).map((ref) => ref.counterId),
  )
  return {
    quotas: quotas.filter((quota) => unknown.has(quotaCounterId(quota))),
    grants: grants.filter((grant) => unknown.has(grantCounterId(grant))),
  }
}

/** Parallelism needs no filling: only what is held counts. */
export function everyCounter(snapshot: Snapshot): UnknownCounters {
  return {
    quotas: [...snapshot.quotas.values()].filter((quota) => quota.metric !== 'concurrency'),
    grants: [...snapshot.grants.values()],
  }
}

export interface UnknownCounters {
  readonly quotas: readonly QuotaEntry[]
  readonly grants: readonly GrantEntry[]
}

/**
 * Fills counters from the ledger, before any request is admitted on them. The journal must be drained first, so that
 * the ledger holds all that was settled.
 */
export async function seedCounters(
  services: SeedServices,
  snapshot: Snapshot,
  unknown: UnknownCounters,
): Promise<void> {
  const atMs = services.clock.now()
  const steps = [
    ...unknown.quotas.map((quota) => () => seedQuota(services, quota, snapshot.timeZone, atMs)),
    ...unknown.grants.map((grant) => () => seedGrant(services, grant, snapshot.timeZone, atMs)),
  ]
  const workers = Array.from({ length: parallelMax }, async () => {
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) await step()
  })
  await Promise.all(workers)
}

/** Fewer than the pool has connections: a reload must not stand in the way of the drainer. */
const parallelMax = 4

async function seedQuota(
  services: SeedServices,
  quota: QuotaEntry,
  timeZone: string,
  atMs: number,
): Promise<void> {
  const ref = quotaCounter(quota, atMs, timeZone)
  if (ref.window.kind === 'held' || quota.metric === 'concurrency') return
  const parts = await services.ledger.quotaUsage({
    scope: quota.scope,
    scopeId: quota.scopeId,
    metric: quota.metric,
    model: quota.model,
    fromMs: ref.window.kind === 'sliding' ? atMs - ref.window.lengthMs : ref.window.startMs,
    stepMs: ref.window.kind === 'sliding' ? ref.window.lengthMs / 60 : undefined,
  })
  await services.counters.seed({ ref, parts })
}

async function seedGrant(
  services: SeedServices,
  grant: GrantEntry,
  timeZone: string,
  atMs: number,
): Promise<void> {
  const ref = grantCounter(grant, atMs, timeZone)
  const fromMs = ref.window.kind === 'fixed' ? ref.window.startMs : 0
  const amount = await services.ledger.grantUsage({ grantId: grant.id, fromMs })
  await services.counters.seed({ ref, parts: [{ atMs, amount }] })
}
