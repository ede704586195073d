import { z } from 'zod'
import { listAudit } from '../../domain/administration/list-audit.ts'
import type { DashboardApp, UseServices } from './app.ts'
import { failures, isoTime, page, pageQuery, uuid } from './schemas/common.ts'

const entry = z
  .object({
    id: uuid,
    at: isoTime,
    actor: z.string().describe('`user:<id>`, `admin-key`, `yaml` or `system`.'),
    action: z.string().describe('E.g. `account.create`.'),
    subject: z.string().describe('E.g. `account:<id>`.'),
    details: z.unknown().describe('What changed; never a secret.'),
  })
  .meta({ id: 'AuditEntry' })

export function auditRoutes(app: DashboardApp, use: UseServices): void {
  app.get(
    '/api/audit',
    {
      config: { access: 'audit.read' },
      schema: {
        operationId: 'listAudit',
        summary: 'Who changed what, newest first',
        tags: ['audit'],
        querystring: pageQuery,
        response: { 200: page(entry), ...failures },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query
      const found = await listAudit(use(), { cursor, limit })
      return {
        data: found.data.map((row) => ({ ...row, at: row.at.toISOString() })),
        nextCursor: found.nextCursor ?? null,
      }
    },
  )
}
