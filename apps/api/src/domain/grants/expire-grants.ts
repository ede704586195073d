import type { Db } from '../../ports/database.ts'
import { systemActor } from '../administration/actor.ts'
import { notifyChange, transactionLimits, writeAudit } from '../administration/change.ts'
import { settleExpiry } from './settle-expiry.ts'

/**
 * Enters what was left of grants that are past their expiry. A job runs it; two at a time do no harm. Renewal needs no
 * such job: windows turn by the clock, on every process.
 */
export async function expireGrants(
  db: Db,
  input: { readonly atMs: number; readonly timeZone: string },
): Promise<{ readonly expired: number }> {
  const rows = await db.grant.findMany({
    where: {
      expiresAt: { lte: new Date(input.atMs) },
      // Later than that nothing comes in any more that was used before.
      OR: [{ expiresAt: { gt: new Date(input.atMs - lateMs) } }, { entries: { none: { kind: 'expiry' } } }],
    },
    select: { id: true, name: true },
  })
  let expired = 0
  for (const { id, name } of rows) {
    const amount = await db.$transaction(async (tx) => {
      const entered = await settleExpiry(tx, { grantId: id, ...input })
      if (entered === 0n) return entered
      await writeAudit(tx, systemActor, {
        action: 'grant.expire',
        subject: `grant:${id}`,
        details: { name, amount: entered.toString() },
      })
      await notifyChange(tx)
      return entered
    }, transactionLimits)
    if (amount !== 0n) expired += 1
  }
  return { expired }
}

const lateMs = 35 * 24 * 3_600_000
