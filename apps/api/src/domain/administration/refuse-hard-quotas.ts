import type { Tx } from '../../ports/database.ts'
import { AdministrationError, invalidField } from './error.ts'

/**
 * A team whose requests go on while the counters are away cannot keep to a limit then: none of its quotas, of its
 * members' or of its keys' may be hard. Both ways of coming to have both are refused, here. The team is locked first,
 * so that of two changes that look harmless each by itself the second one sees the first.
 */
export async function lockTeam(tx: Tx, teamId: string): Promise<{ readonly onCountersDown: string }> {
  const rows = await tx.$queryRaw<{ on_counters_down: string }[]>`
    select on_counters_down from team where id = ${teamId}::uuid for update`
  return { onCountersDown: rows[0]?.on_counters_down ?? 'refuse' }
}

/** For a quota that is made hard. */
export function refuseHardQuota(team: { readonly onCountersDown: string }, path = ''): void {
  if (team.onCountersDown !== 'allow') return
  throw invalidField(
    `${path}hard`,
    'this team goes on while the counters are away ("onCountersDown": "allow"), so its quotas can only be soft: send "hard": false, or set the team to "refuse" first',
  )
}

/** For a team that is set to `allow`. */
export async function refuseHardQuotas(tx: Tx, teamId: string, path = 'onCountersDown'): Promise<void> {
  const hard = await tx.quota.findMany({
    where: { teamId, hard: true },
    select: { metric: true, window: true, scope: true },
    orderBy: { id: 'asc' },
  })
  const [first] = hard
  if (first === undefined) return
  const message =
    `a team with hard quotas cannot go on while the counters are away. It has ${hard.length}, such as ` +
    `${first.metric}${first.metric === 'concurrency' ? '' : ` a ${first.window}`} on its ${first.scope}: make them soft first`
  throw new AdministrationError('conflict', `${path}: ${message}.`, [{ path, message }])
}
