import { v7 as uuidv7 } from 'uuid'
import type { Tx } from '../../ports/database.ts'
import { drainBooks } from './drain-books.ts'
import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { findGrant } from './confirm-grant.ts'
import { AdministrationError } from './error.ts'
import { readAmount } from './read-amount.ts'
import type { GrantReport } from './report-grants.ts'
import type { AdministrationServices } from './services.ts'

export type AdjustGrant =
  /** What the provider's console says is left. */
  | { readonly left: number | string; readonly reason?: string | undefined }
  /** More of it was given. */
  | { readonly credit: number | string; readonly reason?: string | undefined }

/** Adds an entry; entries are never edited. Correcting by `left` is for grants of the file too: it is about the world. */
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
    await tx.$queryRaw`select id from "grant" where id = ${id}::uuid for update`
    const entry = entryFor(report, form, await sumEntries(tx, id))
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

async function sumEntries(tx: Tx, grantId: string): Promise<bigint> {
  const { _sum } = await tx.grantEntry.aggregate({ where: { grantId }, _sum: { amount: true } })
  return _sum.amount ?? 0n
}

function entryFor(report: GrantReport, form: AdjustGrant, granted: bigint) {
  const kind = report.grant.unit === 'money' ? 'money' : 'count'
  if ('credit' in form) return { kind: 'credit', amount: readAmount(kind, form.credit, 'credit') }
  if (report.grant.window !== 'once')
    throw new AdministrationError(
      'unprocessable',
      'What is left of a renewing grant is right again at its next turn. To change what it gives at each turn, send a credit.',
    )
  // The console knows what was used, not what we hold for requests that are still running.
  return { kind: 'adjustment', amount: readAmount(kind, form.left, 'left') - (granted - report.settled) }
}
