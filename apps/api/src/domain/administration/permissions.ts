import type { Role } from './actor.ts'

/**
 * Who may do what, the one table. A route names its permission and the guard looks here; a route without one does
 * not start. People bound to a team (managers, and viewers with a team) are narrowed further by `Actor.teamId`:
 * they see and change that team only.
 */
export const permissions = {
  'installation.read': ['owner', 'admin', 'manager', 'viewer'],
  'accounts.read': ['owner', 'admin', 'manager', 'viewer'],
  'accounts.write': ['owner', 'admin'],
  'grants.read': ['owner', 'admin', 'manager', 'viewer'],
  'grants.write': ['owner', 'admin'],
  'models.read': ['owner', 'admin', 'manager', 'viewer'],
  'models.write': ['owner', 'admin'],
  'prices.read': ['owner', 'admin', 'manager', 'viewer'],
  'prices.write': ['owner', 'admin'],
  'teams.read': ['owner', 'admin', 'manager', 'viewer'],
  'teams.write': ['owner', 'admin'],
  'members.write': ['owner', 'admin', 'manager'],
  'keys.read': ['owner', 'admin', 'manager', 'viewer'],
  'keys.write': ['owner', 'admin', 'manager'],
  'quotas.write': ['owner', 'admin', 'manager'],
  'usage.read': ['owner', 'admin', 'manager', 'viewer'],
  'users.read': ['owner', 'admin'],
  'users.write': ['owner', 'admin'],
  'audit.read': ['owner', 'admin'],
  'jobs.read': ['owner', 'admin'],
  'jobs.run': ['owner', 'admin'],
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof permissions

export function mayDo(role: Role, permission: Permission): boolean {
  const allowed: readonly Role[] = permissions[permission]
  return allowed.includes(role)
}
