import { decodeCursor, toPage, type Page, type PageRequest } from './page.ts'
import type { AdministrationServices } from './services.ts'

export interface AuditView {
  readonly id: string
  readonly at: Date
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly details: unknown
}

/** Who changed what, newest first. */
export async function listAudit(
  services: Pick<AdministrationServices, 'db'>,
  request: PageRequest,
): Promise<Page<AuditView>> {
  const rows = await services.db.auditEntry.findMany({
    ...(request.cursor === undefined ? {} : { where: { id: { lt: decodeCursor(request.cursor) } } }),
    orderBy: { id: 'desc' },
    take: request.limit + 1,
  })
  return toPage(rows, request.limit, (row) => row.id)
}
