import { sql } from '../../ports/database.ts'
import type { AdministrationServices } from './services.ts'

export type NamedKind = 'team' | 'key' | 'account' | 'grant'

/**
 * Names of what usage was booked on. The rollups know ids; what has been deleted since is found in the audit, where
 * its deletion left its name.
 */
export async function resolveNames(
  services: Pick<AdministrationServices, 'db'>,
  kind: NamedKind,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const names = new Map((await findLiving(services, kind, wanted)).map((row) => [row.id, row.name]))
  const missing = wanted.filter((id) => !names.has(id))
  if (missing.length > 0)
    for (const [id, name] of await findDeleted(services, kind, missing)) names.set(id, name)
  return names
}

/** The ids a name stands for, deleted things of that name included. */
export async function resolveIds(
  services: Pick<AdministrationServices, 'db'>,
  kind: 'team' | 'account' | 'key',
  name: string,
): Promise<readonly string[]> {
  const rows = await services.db.$queryRaw<{ id: string }[]>(sql`
    select substr(subject, ${kind.length + 2}::int) as id from audit_entry
    where action = ${`${kind}.delete`} and details ->> 'name' = ${name}`)
  const living =
    kind === 'team'
      ? await services.db.team.findMany({ where: { name }, select: { id: true } })
      : kind === 'key'
        ? await services.db.key.findMany({ where: { name }, select: { id: true } })
        : await services.db.account.findMany({ where: { name }, select: { id: true } })
  return [...living, ...rows].map((row) => row.id)
}

async function findLiving(
  services: Pick<AdministrationServices, 'db'>,
  kind: NamedKind,
  ids: readonly string[],
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const where = { id: { in: [...ids] } }
  const select = { id: true, name: true } as const
  switch (kind) {
    case 'team':
      return services.db.team.findMany({ where, select })
    case 'key':
      return services.db.key.findMany({ where, select })
    case 'account':
      return services.db.account.findMany({ where, select })
    case 'grant':
      return services.db.grant.findMany({ where, select })
  }
}

async function findDeleted(
  services: Pick<AdministrationServices, 'db'>,
  kind: NamedKind,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await services.db.$queryRaw<{ subject: string; name: string | null }[]>(sql`
    select subject, details ->> 'name' as name from audit_entry
    where action = ${`${kind}.delete`} and subject = any(${ids.map((id) => `${kind}:${id}`)}::text[])`)
  return new Map(
    rows.flatMap((row) => (row.name === null ? [] : [[row.subject.slice(kind.length + 1), row.name]])),
  )
}
