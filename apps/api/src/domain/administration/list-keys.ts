import { sql } from '../../ports/database.ts'
import type { Actor } from './actor.ts'
import { seesTeam } from './actor.ts'
import { notFound } from './error.ts'
import { findTeamRow } from './list-teams.ts'
import { decodeCursor, toPage, type Page, type PageRequest } from './page.ts'
import type { AdministrationServices } from './services.ts'

export interface KeyView {
  readonly id: string
  readonly team: string
  readonly teamId: string
  readonly member: string | undefined
  readonly name: string
  readonly preview: string
  /** Narrows the team's models; empty: all of the team's. */
  readonly models: readonly string[]
  readonly allowedIps: readonly string[]
  readonly expiresAt: Date | undefined
  readonly revokedAt: Date | undefined
  /** Exact where this process saw it, else the hour of the last booked request. */
  readonly lastUsedAt: Date | undefined
  readonly origin: string
  readonly createdAt: Date
}

/** Newest first. */
export async function listKeys(
  services: AdministrationServices,
  actor: Actor,
  request: PageRequest & { readonly team: string | undefined },
): Promise<Page<KeyView>> {
  const teamId =
    request.team === undefined ? actor.teamId : (await findTeamRow(services.db, actor, request.team)).id
  const rows = await services.db.key.findMany({
    where: {
      ...(teamId === undefined ? {} : { teamId }),
      ...(request.cursor === undefined ? {} : { id: { lt: decodeCursor(request.cursor) } }),
    },
    include: names,
    orderBy: { id: 'desc' },
    take: request.limit + 1,
  })
  const page = toPage(rows, request.limit, (row) => row.id)
  const lastUsed = await readLastUsed(
    services,
    page.data.map((row) => row.id),
  )
  return { ...page, data: page.data.map((row) => toView(row, lastUsed)) }
}

export async function findKey(services: AdministrationServices, actor: Actor, id: string): Promise<KeyView> {
  const row = await services.db.key.findUnique({ where: { id }, include: names })
  if (row === null || !seesTeam(actor, row.teamId)) throw notFound('key', id)
  return toView(row, await readLastUsed(services, [id]))
}

const names = { team: { select: { name: true } }, member: { select: { name: true } } } as const

interface KeyRow {
  readonly id: string
  readonly teamId: string
  readonly name: string
  readonly preview: string
  readonly models: string[]
  readonly allowedIps: string[]
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
  readonly origin: string
  readonly createdAt: Date
  readonly team: { readonly name: string }
  readonly member: { readonly name: string } | null
}

function toView(row: KeyRow, lastUsed: ReadonlyMap<string, Date>): KeyView {
  return {
    id: row.id,
    team: row.team.name,
    teamId: row.teamId,
    member: row.member?.name,
    name: row.name,
    preview: row.preview,
    models: row.models,
    allowedIps: row.allowedIps,
    expiresAt: row.expiresAt ?? undefined,
    revokedAt: row.revokedAt ?? undefined,
    lastUsedAt: lastUsed.get(row.id),
    origin: row.origin,
    createdAt: row.createdAt,
  }
}

async function readLastUsed(
  services: AdministrationServices,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Date>> {
  const booked = await services.db.$queryRaw<{ key_id: string; hour: Date }[]>(sql`
    select key_id::text, max(hour) as hour
    from usage_rollup where key_id = any(${[...ids]}::uuid[]) group by key_id`)
  const lastUsed = new Map(booked.map((row) => [row.key_id, row.hour]))
  for (const [id, atMs] of services.books.lastUsed()) lastUsed.set(id, new Date(atMs))
  return lastUsed
}
