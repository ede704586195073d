import type { GatewayServices } from '../../domain/completion/services.ts'
import {
  isBounded,
  overshootBound,
  overshootCounter,
  quotaCounter,
  turnsAtMs,
} from '../../domain/counters/windows.ts'
import { formatNanos } from '../../domain/prices/format-nanos.ts'
import type { KeyEntry, QuotaEntry } from '../../domain/snapshot/snapshot.ts'
import type { CounterReading } from '../../ports/counters.ts'

export interface QuotaLeft {
  readonly scope: string
  readonly metric: string
  readonly window: string
  readonly model: string | null
  /** Numbers; decimal strings of `currency` for cost. */
  readonly limit: number | string
  readonly settled: number | string
  readonly held: number | string
  readonly left: number | string
  readonly hard: boolean
  /** `bounded`: it may be passed by up to `overshoot_bound` by the requests that are running. */
  readonly guarantee: QuotaEntry['guarantee']
  readonly overshoot_bound: number | string | null
  readonly resets_at: string | null
}

/** `GET /v1/usage`: what a key may still use, for its own eyes. */
export async function showUsage(
  services: GatewayServices,
  key: KeyEntry,
): Promise<{ object: 'tollgate.usage'; team: string; key: string; currency: string; quotas: QuotaLeft[] }> {
  const snapshot = services.snapshot()
  return {
    object: 'tollgate.usage',
    team: key.team.name,
    key: key.name,
    currency: snapshot.currency,
    quotas: await readQuotasLeft(services, key),
  }
}

export async function readQuotasLeft(services: GatewayServices, key: KeyEntry): Promise<QuotaLeft[]> {
  const atMs = services.clock.now()
  const { timeZone } = services.snapshot()
  const refs = key.quotas.map((quota) => quotaCounter(quota, atMs, timeZone))
  const bounded = key.quotas.filter(isBounded)
  const readings = await services.counters.read([...refs, ...bounded.map(overshootCounter)], atMs)
  return key.quotas.map((quota, index) => {
    const ref = refs[index]
    const resetsAtMs = ref === undefined ? undefined : turnsAtMs(ref)
    const worst = isBounded(quota) ? (readings[refs.length + bounded.indexOf(quota)]?.held ?? 0n) : undefined
    return toView(quota, readings[index] ?? { settled: 0n, held: 0n }, worst, resetsAtMs)
  })
}

function toView(
  quota: QuotaEntry,
  { settled, held }: CounterReading,
  worstHeld: bigint | undefined,
  resetsAtMs: number | undefined,
): QuotaLeft {
  const left = quota.limit - settled - held
  const show = (amount: bigint) => (quota.metric === 'cost' ? formatNanos(amount) : Number(amount))
  return {
    scope: quota.scope,
    metric: quota.metric,
    window: quota.window,
    model: quota.model ?? null,
    limit: show(quota.limit),
    settled: show(settled),
    held: show(held),
    left: show(left > 0n ? left : 0n),
    hard: quota.hard,
    guarantee: quota.guarantee,
    overshoot_bound: worstHeld === undefined ? null : show(overshootBound(worstHeld, held)),
    resets_at: resetsAtMs === undefined ? null : new Date(resetsAtMs).toISOString(),
  }
}
