import type { Role } from './actor.ts'
import { notFound } from './error.ts'
import type { AdministrationServices } from './services.ts'

export interface UserView {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly team: string | undefined
  readonly teamId: string | undefined
  readonly createdAt: Date
}

export const roles = ['owner', 'admin', 'manager', 'viewer'] as const satisfies readonly Role[]

export async function listUsers(services: Pick<AdministrationServices, 'db'>): Promise<readonly UserView[]> {
  const [rows, teams] = await Promise.all([
    services.db.user.findMany({ orderBy: { createdAt: 'asc' } }),
    services.db.team.findMany({ select: { id: true, name: true } }),
  ])
  const names = new Map(teams.map((team) => [team.id, team.name]))
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    email: row.email,
    role: toRole(row.role),
    team: row.teamId === null ? undefined : names.get(row.teamId),
    teamId: row.teamId ?? undefined,
    createdAt: row.createdAt,
  }))
}

export async function findUser(services: Pick<AdministrationServices, 'db'>, id: string): Promise<UserView> {
  const found = (await listUsers(services)).find((user) => user.id === id)
  if (found === undefined) throw notFound('user', id)
  return found
}

/** An unknown role means the least. */
function toRole(text: string): Role {
  return roles.find((role) => role === text) ?? 'viewer'
}
