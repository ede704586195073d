import { notFound } from './error.ts'
import type { AdministrationServices } from './services.ts'

export interface GrantEntryView {
  readonly id: string
  readonly kind: string
  readonly amount: bigint
  /** It counts until this turn of a renewing grant and not after; `undefined`: for good. */
  readonly effectiveUntil: Date | undefined
  readonly reason: string | undefined
  readonly actor: string
  readonly createdAt: Date
}

/** What the grant's size is made of, oldest first. */
export async function listGrantEntries(
  services: AdministrationServices,
  id: string,
): Promise<{ readonly unit: string; readonly entries: readonly GrantEntryView[] }> {
  const row = await services.db.grant.findUnique({
    where: { id },
    include: { entries: { orderBy: { id: 'asc' } } },
  })
  if (row === null) throw notFound('grant', id)
  return {
    unit: row.unit,
    entries: row.entries.map((entry) => ({
      ...entry,
      effectiveUntil: entry.effectiveUntil ?? undefined,
      reason: entry.reason ?? undefined,
    })),
  }
}
