import { v7 as uuidv7 } from 'uuid'
import { lockGrant, type LockedGrant } from '../grants/lock-grant.ts'
import { drainBooks } from './drain-books.ts'
import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { findGrant } from './confirm-grant.ts'
import { AdministrationError, notFound } from './error.ts'
import { readAmount } from './read-amount.ts'
import type { GrantReport } from './report-grants.ts'
import type { AdministrationServices } from './services.ts'

export type AdjustGrant =
  /** What the provider's console says is left. */
  | { readonly left: number | string; readonly reason?: string | undefined }
  /** More of it was given. */
  | { readonly credit: number | string; readonly reason?: string | undefined }

/**
 * Adds an entry; entries are never edited. Correcting by `left` is for grants of the file too: it is about the world. Of
 * a renewing grant it corrects the running window only.
 */
export async function adjustGrant(
  services: AdministrationServices,
  actor: Actor,
  id: string,
  form: AdjustGrant,
): Promise<GrantReport> {
  await drainBooks(services)
  const report = await findGrant(services, id)
  await change(services, actor, async (tx, audit) => {
    // Two corrections to the same figure must end at that figure: the second one sees the entry of the first.
    const atMs = services.clock.now()
    const locked = await lockGrant(tx, { grantId: id, atMs, timeZone: services.timeZone })
    if (locked === undefined) throw notFound('grant', id)
    if (locked.expiresAtMs !== undefined && locked.expiresAtMs <= atMs)
      throw new AdministrationError(
        'unprocessable',
        'This grant has expired. If it runs on after all, change its expiry first.',
      )
    const entry = entryFor(report, form, locked)
    if (entry.amount === 0n) return
    await tx.grantEntry.create({
      data: { id: uuidv7(), grantId: id, ...entry, reason: form.reason ?? null, actor: actor.id },
    })
    await audit({
      action: 'grant.adjust',
      subject: `grant:${id}`,
      details: { name: report.grant.name, kind: entry.kind, amount: entry.amount.toString() },
    })
  })
  return findGrant(services, id)
}

function entryFor(report: GrantReport, form: AdjustGrant, locked: LockedGrant) {
  const kind = report.grant.unit === 'money' ? 'money' : 'count'
  if ('credit' in form)
    return { kind: 'credit', amount: readAmount(kind, form.credit, 'credit'), effectiveUntil: null }
  // The console knows what was used, not what we hold for requests that are still running.
  const left = locked.granted + locked.lapsed - report.settled
  return {
    kind: 'adjustment',
    amount: readAmount(kind, form.left, 'left') - left,
    effectiveUntil: locked.turnsAtMs === undefined ? null : new Date(locked.turnsAtMs),
  }
}
