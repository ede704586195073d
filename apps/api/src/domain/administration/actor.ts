export type Role = 'owner' | 'admin' | 'manager' | 'viewer'

/** Who asks. Checked by the one table in permissions.ts before a verb runs. */
export interface Actor {
  /** As it stands in the audit: `user:<id>`, `admin-key`, `yaml`, `system`. */
  readonly id: string
  readonly role: Role
  /** Set for people who may only see one team; `undefined`: the whole installation. */
  readonly teamId: string | undefined
}

/** The configuration file speaks as the operator. */
export const yamlActor: Actor = { id: 'yaml', role: 'owner', teamId: undefined }
export const systemActor: Actor = { id: 'system', role: 'owner', teamId: undefined }

/** Another team's things are not there for somebody bound to one team: 404, so that names do not leak. */
export function seesTeam(actor: Actor, teamId: string): boolean {
  return actor.teamId === undefined || actor.teamId === teamId
}
