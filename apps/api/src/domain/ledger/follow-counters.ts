import type { Clock } from '../../ports/clock.ts'
import type { CounterUpkeep, StoreState } from '../../ports/counters.ts'
import type { Ledger } from '../../ports/ledger.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'
import { accountGroup, teamGroup } from '../counters/windows.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { grantAmount, quotaAmounts } from './record-amounts.ts'

interface FollowServices {
  readonly clock: Clock
  readonly counters: CounterUpkeep
  readonly ledger: Ledger
  /** `undefined`: nothing was read yet. */
  readonly snapshot: () => Snapshot | undefined
  readonly state: () => StoreState
}

/** What the drainer does with shared counters around a batch: what is in the ledger is on them, once. */
export interface CounterFollower {
  /** Before records of an earlier run, or of a process that was thought gone, are written. */
  before(late: readonly UsageRecord[]): Promise<void>
  /** After they are committed: nobody will ask again whether their reservations were resolved. */
  after(records: readonly UsageRecord[]): Promise<void>
}

/** Counters in the memory of this process: what an earlier run left is in the ledger before they are filled from it. */
export const nothingToFollow: CounterFollower = { async before() {}, async after() {} }

export function followCounters(services: FollowServices): CounterFollower {
  return {
    before: (late) => before(services, late),
    async after(records) {
      if (services.state() === 'ready') await services.counters.forget(records.flatMap(reservationsOf))
    },
  }
}

/**
 * A late record may have been settled on the counters before its process died, may still be held there, or may be
 * missing because the counters were rebuilt without it. Whether the ledger has it already decides: what was rebuilt from
 * the ledger counts it then. A store that is not ready is rebuilt, or swept, from the ledger, which has it by then.
 */
async function before(services: FollowServices, late: readonly UsageRecord[]): Promise<void> {
  const snapshot = services.snapshot()
  if (snapshot === undefined || services.state() !== 'ready') return
  const known = await services.ledger.existing(late.map((record) => record.requestId))
  const atMs = services.clock.now()
  for (const replayed of late) {
    const isKnown = known.has(replayed.requestId)
    // The file of its settlement may be gone already while the one of its opening is not: the ledger's word counts.
    const record = (isKnown ? await services.ledger.find(replayed.requestId) : undefined) ?? replayed
    const quotas = quotaAmounts(snapshot, record)
    const grant = grantAmount(snapshot, record)
    for (const { reservationId, group } of reservationsOf(record)) {
      const counted = [...quotas, ...(grant === undefined ? [] : [grant])].filter(
        (entry) => entry.group === group,
      )
      await services.counters.resolve({
        reservationId,
        group,
        amounts: new Map(counted.map((entry) => [entry.counterId, entry.amount])),
        unheld: isKnown ? [] : counted,
        atMs,
      })
    }
  }
}

function reservationsOf(record: UsageRecord): { readonly reservationId: string; readonly group: string }[] {
  const reservationId = record.requestId
  const groups = [{ reservationId, group: teamGroup(record.teamId) }]
  if (record.grantId !== undefined && record.accountId !== undefined)
    groups.push({ reservationId, group: accountGroup(record.accountId) })
  return groups
}
