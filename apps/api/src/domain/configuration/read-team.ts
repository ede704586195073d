import { isIpRange } from '../administration/ip-ranges.ts'
import { isFitSecret } from '../administration/key-secret.ts'
import { readQuotaForm } from '../administration/set-quota.ts'
import { matchesPattern } from '../routing/match-pattern.ts'
import { nearestNames } from '../routing/nearest-names.ts'
import type { KeyPlan, QuotaPlan, TeamPlan } from './configuration.ts'
import type { KeyForm, ScopeQuotaForm, TeamForm } from './configuration-form.ts'
import { showPath, type FieldPath, type Findings } from './findings.ts'
import type { Known, ReadingServices } from './read-configuration.ts'
import { readTime } from './read-grants.ts'

export function readTeam(
  services: ReadingServices,
  findings: Findings,
  path: FieldPath,
  form: TeamForm,
  known: Known,
): TeamPlan | undefined {
  const before = findings.problems.length
  const members = form.members ?? []
  const keys = form.keys ?? []
  refuseStrangeModels(findings, [...path, 'models'], form.models ?? [], known)
  const memberNames = members.map((member) => member.name)
  findings.refuseTwins([...path, 'members'], memberNames, 'a member', 'name')
  findings.refuseTwins(
    [...path, 'keys'],
    keys.map((key) => key.name),
    'a key',
    'name',
  )
  const team: TeamPlan = {
    name: form.name,
    models: form.models ?? ['*'],
    enabled: form.enabled ?? true,
    onCountersDown: form.onCountersDown ?? 'refuse',
    quotas: readQuotas(findings, [...path, 'quotas'], form.quotas ?? [], known),
    members: members.map((member, index) => ({
      name: member.name,
      email: member.email,
      quotas: readQuotas(findings, [...path, 'members', index, 'quotas'], member.quotas ?? [], known),
    })),
    keys: keys.map((key, index) =>
      readKey(services, findings, [...path, 'keys', index], key, { known, memberNames }),
    ),
  }
  if (team.onCountersDown === 'allow') refuseHardQuotas(findings, path, team)
  return findings.problems.length > before ? undefined : team
}

/** Nobody could keep to them while the counters are away. */
function refuseHardQuotas(findings: Findings, path: FieldPath, team: TeamPlan): void {
  const refuse = (at: FieldPath, quotas: readonly QuotaPlan[]) =>
    quotas.forEach((quota, index) => {
      if (quota.hard)
        findings.problem(
          [...at, 'quotas', index],
          'must be soft (hard: false), because this team goes on while the counters are away (onCountersDown: allow)',
        )
    })
  refuse(path, team.quotas)
  team.members.forEach((member, index) => refuse([...path, 'members', index], member.quotas))
  team.keys.forEach((key, index) => refuse([...path, 'keys', index], key.quotas))
}

/** A secret opens one key: which one would answer for it otherwise? */
export function refuseSharedSecrets(findings: Findings, teams: readonly TeamForm[]): void {
  const seen = new Map<string, FieldPath>()
  teams.forEach((team, teamIndex) => {
    team.keys?.forEach((key, keyIndex) => {
      const path: FieldPath = ['teams', teamIndex, 'keys', keyIndex]
      const first = seen.get(key.secret)
      if (first === undefined) seen.set(key.secret, path)
      else
        findings.problem(
          [...path, 'secret'],
          `is the secret of ${showPath(first)} too: each key needs its own`,
        )
    })
  })
}

function readKey(
  services: ReadingServices,
  findings: Findings,
  path: FieldPath,
  form: KeyForm,
  around: { readonly known: Known; readonly memberNames: readonly string[] },
): KeyPlan {
  if (!isFitSecret(form.secret))
    findings.problem(
      [...path, 'secret'],
      'must be 8 to 512 printable ASCII characters without spaces, e.g. from: openssl rand -hex 32',
    )
  if (form.member !== undefined && !around.memberNames.includes(form.member)) {
    const [near] = nearestNames(form.member, around.memberNames)
    findings.problem(
      [...path, 'member'],
      `"${form.member}" is not among the members of this team${near === undefined ? '' : `; did you mean "${near}"?`}`,
    )
  }
  refuseStrangeModels(findings, [...path, 'models'], form.models ?? [], around.known)
  form.allowedIps?.forEach((range, index) => {
    if (!isIpRange(range))
      findings.problem(
        [...path, 'allowedIps', index],
        `"${range}" is not an address or range such as 10.1.0.0/16`,
      )
  })
  return {
    name: form.name,
    secret: form.secret,
    member: form.member,
    models: form.models ?? [],
    allowedIps: form.allowedIps ?? [],
    expiresAt: readTime(services, findings, [...path, 'expiresAt'], form.expiresAt),
    quotas: readQuotas(findings, [...path, 'quotas'], form.quotas ?? [], around.known),
  }
}

function readQuotas(
  findings: Findings,
  path: FieldPath,
  forms: readonly ScopeQuotaForm[],
  known: Known,
): readonly QuotaPlan[] {
  const plans = forms.map((form, index): QuotaPlan | undefined => {
    if (form.model !== undefined) refuseStrangeModel(findings, [...path, index, 'model'], form.model, known)
    const read = findings.attempt([...path, index], () => readQuotaForm(form))
    return (
      read && {
        metric: form.metric,
        window: read.window,
        limit: read.limit,
        model: form.model,
        hard: form.hard ?? true,
        guarantee: form.guarantee ?? 'exact',
      }
    )
  })
  plans.forEach((plan, index) => {
    const first = plans.findIndex(
      (other) => other !== undefined && plan !== undefined && isSameQuota(other, plan),
    )
    if (first !== -1 && first !== index)
      findings.problem(
        [...path, index],
        `there is a quota on ${plan?.metric ?? ''} a ${plan?.window ?? ''} already (number ${first + 1} of this list)`,
      )
  })
  return plans.flatMap((plan) => plan ?? [])
}

interface QuotaSubject {
  readonly metric: string
  readonly window: string
  readonly model: string | undefined
}

/** Two limits of one thing in one window: the second would only hide the first. */
export function isSameQuota(left: QuotaSubject, right: QuotaSubject): boolean {
  return left.metric === right.metric && left.window === right.window && left.model === right.model
}

function refuseStrangeModels(
  findings: Findings,
  path: FieldPath,
  patterns: readonly string[],
  known: Known,
): void {
  patterns.forEach((pattern, index) => refuseStrangeModel(findings, [...path, index], pattern, known))
}

/**
 * A quota on a mistyped model would never bind. Names are those that clients ask for, also where they pin an account.
 * In a file of teams alone the models are made in the dashboard, and nothing can be said about them.
 */
function refuseStrangeModel(findings: Findings, path: FieldPath, pattern: string, known: Known): void {
  if (pattern === '*' || known.publicNames.size === 0 || known.doubtful.size > 0) return
  if ([...known.publicNames].some((name) => matchesPattern(pattern, name))) return
  const [near] = nearestNames(pattern, known.publicNames)
  findings.problem(
    path,
    `"${pattern}" matches no model of this file${near === undefined ? '' : `; did you mean "${near}"?`}`,
  )
}
