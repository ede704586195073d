import { v7 as uuidv7 } from 'uuid'
import { refuseHardQuotas } from '../administration/refuse-hard-quotas.ts'
import { applyKeys, type WantedKey } from './apply-keys.ts'
import { applyQuotas, deleteOtherQuotas, type QuotaScope } from './apply-quotas.ts'
import { changedFields, noteAdoption, type Applying } from './applying.ts'
import type { MemberPlan, QuotaPlan, TeamPlan } from './configuration.ts'

export async function applyTeams(applying: Applying, plans: readonly TeamPlan[]): Promise<void> {
  const keys: WantedKey[] = []
  const scopes: { readonly scope: QuotaScope; readonly quotas: readonly QuotaPlan[] }[] = []
  const unheld: { readonly index: number; readonly teamId: string }[] = []
  for (const [index, plan] of plans.entries()) {
    const teamId = await applyTeam(applying, plan)
    if (plan.onCountersDown === 'allow') unheld.push({ index, teamId })
    scopes.push({ scope: { teamId, name: plan.name }, quotas: plan.quotas })
    const memberIds = new Map<string, string>()
    for (const member of plan.members) {
      const memberId = await applyMember(applying, { teamId, name: plan.name }, member)
      memberIds.set(member.name, memberId)
      scopes.push({ scope: { teamId, memberId, name: member.name }, quotas: member.quotas })
    }
    for (const [keyIndex, key] of plan.keys.entries())
      keys.push({
        teamId,
        teamName: plan.name,
        memberId: key.member === undefined ? null : (memberIds.get(key.member) ?? null),
        path: `teams.${index}.keys.${keyIndex}`,
        plan: key,
      })
  }
  const keyIds = await applyKeys(applying, keys)
  keys.forEach(({ teamId, plan }, index) => {
    const keyId = keyIds[index]
    if (keyId !== undefined) scopes.push({ scope: { teamId, keyId, name: plan.name }, quotas: plan.quotas })
  })
  const kept: string[] = []
  for (const { scope, quotas } of scopes) kept.push(...(await applyQuotas(applying, scope, quotas)))
  await deleteOtherQuotas(applying, kept)
  for (const { index, teamId } of unheld) {
    // What the dashboard made on the team stays, and may be hard.
    await refuseHardQuotas(applying.tx, teamId, `teams.${index}.onCountersDown`)
  }
  await switchOffOthers(applying, plans)
}

async function applyTeam(applying: Applying, plan: TeamPlan): Promise<string> {
  const { tx } = applying
  const row = await tx.team.findUnique({ where: { name: plan.name } })
  const fields = {
    models: [...plan.models],
    enabled: plan.enabled,
    onCountersDown: plan.onCountersDown,
    origin: 'yaml',
  }
  if (row === null) {
    const id = uuidv7()
    await tx.team.create({ data: { id, name: plan.name, ...fields } })
    await applying.record({
      action: 'team.create',
      subject: `team:${id}`,
      details: { name: plan.name, models: fields.models, quotas: plan.quotas.length },
    })
    return id
  }
  noteAdoption(applying, row, `team "${plan.name}"`)
  const changed = changedFields(row, fields)
  if (changed.length > 0) {
    await tx.team.update({ where: { id: row.id }, data: fields })
    await applying.record({
      action: 'team.update',
      subject: `team:${row.id}`,
      details: { name: plan.name, changed },
    })
  }
  return row.id
}

/** Members have no secrets and no limits of their own accord: one that is gone from the file stays, with nothing. */
async function applyMember(
  applying: Applying,
  team: { readonly teamId: string; readonly name: string },
  plan: MemberPlan,
): Promise<string> {
  const { tx } = applying
  const row = await tx.member.findUnique({
    where: { teamId_name: { teamId: team.teamId, name: plan.name } },
  })
  if (row === null) {
    const id = uuidv7()
    await tx.member.create({ data: { id, teamId: team.teamId, name: plan.name, email: plan.email ?? null } })
    await applying.record({
      action: 'member.create',
      subject: `member:${id}`,
      details: { name: plan.name, team: team.name },
    })
    return id
  }
  if (plan.email !== undefined && plan.email !== row.email) {
    await tx.member.update({ where: { id: row.id }, data: { email: plan.email } })
    await applying.record({
      action: 'member.update',
      subject: `member:${row.id}`,
      details: { name: plan.name, team: team.name, changed: ['email'] },
    })
  }
  return row.id
}

async function switchOffOthers(applying: Applying, plans: readonly TeamPlan[]): Promise<void> {
  const gone = await applying.tx.team.findMany({
    where: { origin: 'yaml', enabled: true, name: { notIn: plans.map((plan) => plan.name) } },
  })
  for (const row of gone) {
    await applying.tx.team.update({ where: { id: row.id }, data: { enabled: false } })
    await applying.record({
      action: 'team.update',
      subject: `team:${row.id}`,
      details: { name: row.name, enabled: false, because: 'no longer in the file' },
    })
  }
}
