import { v7 as uuidv7 } from 'uuid'
import type { Tx } from '../../ports/database.ts'
import type { QuotaEntry, QuotaMetric, QuotaWindow } from '../snapshot/snapshot.ts'
import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { AdministrationError, invalidField } from './error.ts'
import { findQuota, refuseOwnLimits } from './find-quota.ts'
import { findTeamRow } from './list-teams.ts'
import { checkModelPatterns } from './names.ts'
import { readAmount } from './read-amount.ts'
import { lockTeam, refuseHardQuota } from './refuse-hard-quotas.ts'
import type { QuotaReport } from './report-quotas.ts'
import type { AdministrationServices } from './services.ts'

export type QuotaGuarantee = QuotaEntry['guarantee']

export interface QuotaForm {
  readonly metric: QuotaMetric
  /** Absent for concurrency, needed for everything else. */
  readonly window?: QuotaWindow | undefined
  readonly limit: number | string
  /** Public model name or pattern; absent: all models together. */
  readonly model?: string | undefined
  readonly hard?: boolean | undefined
  /** Default `exact`: the worst case is held. `bounded`: what answers usually come to. */
  readonly guarantee?: QuotaGuarantee | undefined
  /** Name of a member, or id of a key, of the team; neither: the team as a whole. */
  readonly member?: string | undefined
  readonly key?: string | undefined
}

export async function setQuota(
  services: AdministrationServices,
  actor: Actor,
  teamName: string,
  form: QuotaForm,
): Promise<QuotaReport> {
  const team = await findTeamRow(services.db, actor, teamName)
  const id = await change(services, actor, async (tx, audit) => {
    const created = await writeQuota(
      tx,
      { teamId: team.id, currency: services.currency, origin: 'api' },
      form,
    )
    refuseOwnLimits(actor, created.scope)
    await audit({
      action: 'quota.create',
      subject: `quota:${created.id}`,
      details: { team: team.name, ...created.summary },
    })
    return created.id
  })
  return findQuota(services, actor, id)
}

/** One quota row in a transaction; also how a new team and the configuration file make theirs. `path` prefixes error paths. */
export async function writeQuota(
  tx: Tx,
  owner: { readonly teamId: string; readonly currency: string; readonly origin: 'api' | 'yaml' },
  form: QuotaForm,
  path = '',
): Promise<{
  readonly id: string
  readonly scope: string
  readonly summary: Readonly<Record<string, string>>
}> {
  const read = readQuotaForm(form, path)
  const scope = await findScope(tx, owner.teamId, form, path)
  // One at a time for a team: two that look at once would both find nothing.
  const team = await lockTeam(tx, owner.teamId)
  if (form.hard ?? true) refuseHardQuota(team, path)
  const same = await tx.quota.findFirst({
    where: {
      teamId: owner.teamId,
      memberId: scope.memberId,
      keyId: scope.keyId,
      metric: form.metric,
      window: read.window,
      model: form.model ?? null,
    },
  })
  if (same !== null)
    throw new AdministrationError(
      'conflict',
      `There is such a quota already (${form.metric} a ${read.window}); change its limit instead.`,
    )
  const id = uuidv7()
  await tx.quota.create({
    data: {
      id,
      teamId: owner.teamId,
      ...scope,
      metric: form.metric,
      window: read.window,
      limit: read.limit,
      currency: owner.currency,
      model: form.model ?? null,
      hard: form.hard ?? true,
      guarantee: form.guarantee ?? 'exact',
      origin: owner.origin,
    },
  })
  return {
    id,
    scope: scope.scope,
    summary: { scope: scope.scope, metric: form.metric, window: read.window, limit: read.limit.toString() },
  }
}

export function readQuotaForm(
  form: QuotaForm,
  path = '',
): { readonly window: QuotaWindow; readonly limit: bigint } {
  if (form.model !== undefined) checkModelPatterns(`${path}model`, [form.model])
  if (form.metric === 'concurrency' && form.window !== undefined)
    throw invalidField(`${path}window`, 'concurrency is about this moment: leave the window out')
  if (form.metric !== 'concurrency' && form.window === undefined)
    throw invalidField(`${path}window`, 'needed: minute, hour, day, week, month or total')
  checkGuarantee(form.metric, form.guarantee, path)
  const limit = readAmount(form.metric === 'cost' ? 'money' : 'count', form.limit, `${path}limit`)
  if (limit < 0n) throw invalidField(`${path}limit`, 'must not be negative')
  return { window: form.window ?? 'total', limit }
}

/** Requests and parallelism are counted, never guessed: there is nothing to hold less of. */
export function checkGuarantee(metric: QuotaMetric, guarantee: QuotaGuarantee | undefined, path = ''): void {
  if (guarantee === 'bounded' && metric !== 'tokens' && metric !== 'cost')
    throw invalidField(
      `${path}guarantee`,
      `a quota on ${metric} is always exact; "bounded" is for tokens and cost`,
    )
}

async function findScope(tx: Tx, teamId: string, form: QuotaForm, path: string) {
  if (form.member !== undefined && form.key !== undefined)
    throw invalidField(`${path}key`, 'a quota is for a member or for a key, not for both')
  if (form.key !== undefined) {
    const key = await tx.key.findFirst({ where: { id: form.key, teamId } })
    if (key === null) throw invalidField(`${path}key`, `the team has no key "${form.key}"`)
    return { scope: 'key', memberId: null, keyId: key.id }
  }
  if (form.member !== undefined) {
    const member = await tx.member.findFirst({ where: { name: form.member, teamId } })
    if (member === null) throw invalidField(`${path}member`, `the team has no member "${form.member}"`)
    return { scope: 'member', memberId: member.id, keyId: null }
  }
  return { scope: 'team', memberId: null, keyId: null }
}
