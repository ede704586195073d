import { v7 as uuidv7 } from 'uuid'
import type { Tx } from '../../ports/database.ts'
import { systemActor } from '../administration/actor.ts'
import { lockGrant } from './lock-grant.ts'

/**
 * Makes the entries say what has become of a grant's rest: once it is past its expiry they take away what nobody had
 * used, so that the balance is the sum of its entries and its usage; should it run on after all, or should usage come
 * in late from a process that was away, they give that back. Called as often as one likes: nothing is entered twice.
 *
 * Answers with the amount of the entry, 0 when there was nothing to enter.
 */
export async function settleExpiry(
  tx: Tx,
  input: { readonly grantId: string; readonly atMs: number; readonly timeZone: string },
): Promise<bigint> {
  const { grantId, timeZone } = input
  const row = await tx.grant.findUnique({ where: { id: grantId }, select: { expiresAt: true } })
  if (row === null) return 0n
  // The last window of a renewing grant is the one that held its last moment.
  const lastMs = row.expiresAt === null ? input.atMs : Math.min(input.atMs, row.expiresAt.getTime() - 1)
  const grant = await lockGrant(tx, { grantId, atMs: lastMs, timeZone })
  if (grant === undefined) return 0n
  const isOver = grant.expiresAtMs !== undefined && grant.expiresAtMs <= input.atMs
  const left = grant.granted - grant.used
  const shouldHaveLapsed = isOver && left > 0n ? -left : 0n
  const amount = shouldHaveLapsed - grant.lapsed
  if (amount === 0n) return 0n
  await tx.grantEntry.create({
    data: {
      id: uuidv7(),
      grantId,
      kind: 'expiry',
      amount,
      reason:
        amount < 0n
          ? 'expired with this much left'
          : isOver
            ? 'used before it expired, booked later'
            : 'runs on after all',
      actor: systemActor.id,
    },
  })
  return amount
}
