import type { Db } from '../../ports/database.ts'

export interface Dimensions {
  readonly team_id: string
  readonly key_id: string
  readonly model: string
  readonly account_id: string
  readonly grant_id: string
  readonly status: string
}

/** Names for a person to go by; what is deleted keeps its id. */
export async function nameDimensions(
  db: Db,
  rows: readonly Dimensions[],
): Promise<(row: Dimensions) => string> {
  const ids = (pick: (row: Dimensions) => string) => ({
    where: { id: { in: [...new Set(rows.map(pick))] } },
    select: { id: true, name: true },
  })
  const found = await Promise.all([
    db.team.findMany(ids((row) => row.team_id)),
    db.key.findMany(ids((row) => row.key_id)),
    db.account.findMany(ids((row) => row.account_id)),
    db.grant.findMany(ids((row) => row.grant_id)),
  ])
  const names = new Map(found.flat().map(({ id, name }) => [id, name]))
  const named = (what: string, id: string) => (isNone(id) ? [] : [`${what} ${names.get(id) ?? id}`])
  return (row) =>
    [
      ...named('team', row.team_id),
      ...named('key', row.key_id),
      `model ${row.model}`,
      ...named('account', row.account_id),
      ...named('grant', row.grant_id),
      `status ${row.status}`,
    ].join(', ')
}

/** The zero UUID stands for "none" in rollups. */
function isNone(id: string): boolean {
  return id === '00000000-0000-0000-0000-000000000000'
}
