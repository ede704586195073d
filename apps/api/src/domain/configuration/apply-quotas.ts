import { v7 as uuidv7 } from 'uuid'
import { changedFields, noteAdoption, type Applying } from './applying.ts'
import type { QuotaPlan } from './configuration.ts'
import { isSameQuota } from './read-team.ts'

export interface QuotaScope {
  readonly teamId: string
  /** One of these two, or neither: the team as a whole. */
  readonly memberId?: string
  readonly keyId?: string
  /** Of the team, member or key. */
  readonly name: string
}

/** A quota keeps its id while its limit changes: what was used of it is counted by that. Answers the ids. */
export async function applyQuotas(
  applying: Applying,
  scope: QuotaScope,
  plans: readonly QuotaPlan[],
): Promise<string[]> {
  const { tx } = applying
  const owner = { teamId: scope.teamId, memberId: scope.memberId ?? null, keyId: scope.keyId ?? null }
  const rows = await tx.quota.findMany({ where: owner })
  const ids: string[] = []
  for (const plan of plans) {
    const row = rows.find(({ metric, window, model }) =>
      isSameQuota({ metric, window, model: model ?? undefined }, plan),
    )
    const id = row?.id ?? uuidv7()
    ids.push(id)
    const fields = {
      limit: plan.limit,
      hard: plan.hard,
      guarantee: plan.guarantee,
      currency: applying.currency,
      origin: 'yaml',
    }
    const details = {
      scope: scope.name,
      metric: plan.metric,
      window: plan.window,
      limit: plan.limit.toString(),
      hard: plan.hard,
      guarantee: plan.guarantee,
    }
    if (row === undefined) {
      await tx.quota.create({
        data: {
          id,
          ...owner,
          scope: scope.keyId !== undefined ? 'key' : scope.memberId !== undefined ? 'member' : 'team',
          metric: plan.metric,
          window: plan.window,
          model: plan.model ?? null,
          ...fields,
        },
      })
      await applying.record({ action: 'quota.create', subject: `quota:${id}`, details })
    } else if (changedFields(row, fields).length > 0) {
      noteAdoption(applying, row, `the quota on ${plan.metric} of "${scope.name}"`)
      await tx.quota.update({ where: { id }, data: fields })
      await applying.record({
        action: 'quota.update',
        subject: `quota:${id}`,
        details: { ...details, before: row.limit.toString() },
      })
    }
  }
  return ids
}

/** A limit that is no longer written must no longer bind. No record names it. */
export async function deleteOtherQuotas(applying: Applying, kept: readonly string[]): Promise<void> {
  const gone = await applying.tx.quota.findMany({ where: { origin: 'yaml', id: { notIn: [...kept] } } })
  for (const row of gone) {
    await applying.tx.quota.delete({ where: { id: row.id } })
    await applying.record({
      action: 'quota.delete',
      subject: `quota:${row.id}`,
      details: { scope: row.scope, metric: row.metric, limit: row.limit.toString() },
    })
  }
}
