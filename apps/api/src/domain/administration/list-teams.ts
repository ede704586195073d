import type { Db } from '../../ports/database.ts'
import type { TeamEntry } from '../snapshot/snapshot.ts'
import { seesTeam, type Actor } from './actor.ts'
import { notFound } from './error.ts'
import { decodeCursor, toPage, type Page, type PageRequest } from './page.ts'
import { reportQuotas, type QuotaReport } from './report-quotas.ts'
import type { AdministrationServices } from './services.ts'

export type OnCountersDown = TeamEntry['onCountersDown']

export interface TeamView {
  readonly id: string
  readonly name: string
  readonly models: readonly string[]
  readonly enabled: boolean
  readonly onCountersDown: OnCountersDown
  readonly origin: string
  readonly memberCount: number
  /** Keys that are not revoked. */
  readonly keyCount: number
  readonly quotas: readonly QuotaReport[]
  readonly createdAt: Date
}

export async function listTeams(
  services: AdministrationServices,
  actor: Actor,
  request: PageRequest,
): Promise<Page<TeamView>> {
  const rows = await services.db.team.findMany({
    where: {
      ...(actor.teamId === undefined ? {} : { id: actor.teamId }),
      ...(request.cursor === undefined ? {} : { name: { gt: decodeCursor(request.cursor) } }),
    },
    include: counts,
    orderBy: { name: 'asc' },
    take: request.limit + 1,
  })
  const page = toPage(rows, request.limit, (row) => row.name)
  const quotas = await reportQuotas(services, { teamIds: page.data.map((row) => row.id) })
  return { ...page, data: page.data.map((row) => toView(row, quotas)) }
}

export async function findTeam(
  services: AdministrationServices,
  actor: Actor,
  name: string,
): Promise<TeamView> {
  const row = await findTeamRow(services.db, actor, name)
  return toView(row, await reportQuotas(services, { teamIds: [row.id] }))
}

/** A team that the actor may not see is not there. */
export async function findTeamRow(db: Pick<Db, 'team'>, actor: Actor, name: string) {
  const row = await db.team.findUnique({ where: { name }, include: counts })
  if (row === null || !seesTeam(actor, row.id)) throw notFound('team', name)
  return row
}

const counts = {
  _count: { select: { members: true, keys: { where: { revokedAt: null } } } },
} as const

function toView(row: Awaited<ReturnType<typeof findTeamRow>>, quotas: readonly QuotaReport[]): TeamView {
  return {
    id: row.id,
    name: row.name,
    models: row.models,
    enabled: row.enabled,
    onCountersDown: row.onCountersDown === 'allow' ? 'allow' : 'refuse',
    origin: row.origin,
    memberCount: row._count.members,
    keyCount: row._count.keys,
    quotas: quotas.filter((quota) => quota.teamId === row.id),
    createdAt: row.createdAt,
  }
}
