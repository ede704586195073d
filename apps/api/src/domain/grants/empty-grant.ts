import { v7 as uuidv7 } from 'uuid'
import type { Tx } from '../../ports/database.ts'
import type { GrantExhausted } from '../../ports/grants.ts'
import { systemActor } from '../administration/actor.ts'
import { notifyChange, writeAudit } from '../administration/change.ts'
import { lockGrant } from './lock-grant.ts'

export type EmptyOutcome =
  | { readonly emptied: true; readonly amount: bigint }
  /** `changed`: it has another size by now, so an earlier report or a person was here first. `turned`: its window is over. */
  | { readonly emptied: false; readonly because: 'gone' | 'changed' | 'turned' | 'nothing-left' }

/**
 * Enters what a provider has said: the grant is used up. One adjustment takes away what we thought was left; for a
 * renewing grant it counts until the turn. However many requests report it, and however often, there is one.
 *
 * `settled`: what the counters say was used, which may be ahead of the ledger.
 */
export async function emptyGrant(
  tx: Tx,
  input: {
    readonly report: GrantExhausted
    readonly settled: bigint
    readonly nowMs: number
    readonly timeZone: string
  },
): Promise<EmptyOutcome> {
  const { report } = input
  const grant = await lockGrant(tx, { ...report, timeZone: input.timeZone })
  if (grant === undefined) return { emptied: false, because: 'gone' }
  if (grant.turnsAtMs !== undefined && grant.turnsAtMs <= input.nowMs)
    return { emptied: false, because: 'turned' }
  const size = grant.granted + grant.lapsed
  if (size !== report.size) return { emptied: false, because: 'changed' }
  const used = grant.used > input.settled ? grant.used : input.settled
  const left = size - used
  if (left <= 0n) return { emptied: false, because: 'nothing-left' }
  const reason = describe(report)
  await tx.grantEntry.create({
    data: {
      id: uuidv7(),
      grantId: grant.id,
      kind: 'adjustment',
      amount: -left,
      effectiveUntil: grant.turnsAtMs === undefined ? null : new Date(grant.turnsAtMs),
      reason,
      actor: systemActor.id,
    },
  })
  await writeAudit(tx, systemActor, {
    action: 'grant.empty',
    subject: `grant:${grant.id}`,
    details: { name: grant.name, amount: (-left).toString(), reason },
  })
  await notifyChange(tx)
  return { emptied: true, amount: left }
}

function describe(report: GrantExhausted): string {
  const code = report.upstreamCode === undefined ? '' : ` ${report.upstreamCode}`
  return `the provider says that it is used up: ${report.provider} answered${code}: ${report.message}`
    .slice(0, reasonCharactersMax)
    .toWellFormed()
}

const reasonCharactersMax = 500
