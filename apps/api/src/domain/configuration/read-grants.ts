import { parseMoment } from '../administration/parse-moment.ts'
import type { OfferingPlan } from '../administration/plan-offerings.ts'
import { readAmount } from '../administration/read-amount.ts'
import { matchesPattern } from '../routing/match-pattern.ts'
import { nearestNames } from '../routing/nearest-names.ts'
import type { GrantPlan } from './configuration.ts'
import type { GrantForm } from './configuration-form.ts'
import type { FieldPath, Findings } from './findings.ts'
import type { ReadingServices } from './read-configuration.ts'

/** The free quotas of one account. */
export function readGrants(
  services: ReadingServices,
  findings: Findings,
  path: FieldPath,
  forms: readonly GrantForm[],
  offerings: readonly OfferingPlan[],
): readonly GrantPlan[] {
  forms.forEach((form, index) => {
    const first = forms.findIndex((other) => nameOf(other) === nameOf(form))
    if (first !== index)
      findings.problem(
        [...path, index, ...(form.name === undefined ? [] : ['name'])],
        `there is a grant "${nameOf(form)}" already (number ${first + 1} of this list): give each a name of its own`,
      )
  })
  return forms.flatMap(
    (form, index) => readGrant(services, findings, [...path, index], form, offerings) ?? [],
  )
}

function readGrant(
  services: ReadingServices,
  findings: Findings,
  path: FieldPath,
  form: GrantForm,
  offerings: readonly OfferingPlan[],
): GrantPlan | undefined {
  const amount = findings.attempt(path, () =>
    readAmount(form.unit === 'money' ? 'money' : 'count', form.amount, 'amount'),
  )
  if (amount !== undefined && amount <= 0n) findings.problem([...path, 'amount'], 'must be more than 0')
  const validFrom = readTime(services, findings, [...path, 'validFrom'], form.validFrom)
  const expiresAt = readTime(services, findings, [...path, 'expiresAt'], form.expiresAt)
  if (validFrom !== undefined && expiresAt !== undefined && expiresAt <= validFrom)
    findings.problem([...path, 'expiresAt'], 'must be after validFrom')
  // Models that could not be read are no reason to say that a grant has none.
  if (offerings.length > 0) refuseStrangeModels(findings, [...path, 'models'], form.models, offerings)
  if (amount === undefined) return undefined
  return {
    name: nameOf(form),
    models: form.models,
    unit: form.unit,
    amount,
    window: form.window ?? 'once',
    validFrom,
    expiresAt,
    whenEmpty: form.whenEmpty ?? 'provider-bills',
    covers: [...new Set(form.covers ?? [])],
    confidence: form.confidence ?? 'confirmed',
    note: form.note,
  }
}

function refuseStrangeModels(
  findings: Findings,
  path: FieldPath,
  patterns: readonly string[],
  offerings: readonly OfferingPlan[],
): void {
  const names = [...new Set(offerings.flatMap((offering) => [offering.name, offering.upstreamModel]))]
  patterns.forEach((pattern, index) => {
    if (names.some((name) => matchesPattern(pattern, name))) return
    const [near] = nearestNames(pattern, names)
    findings.problem(
      [...path, index],
      `"${pattern}" matches no model of this account${near === undefined ? '' : `; did you mean "${near}"?`}`,
    )
  })
}

/** ISO 8601, or a date: the start of that day in the file's time zone. */
export function readTime(
  services: ReadingServices,
  findings: Findings,
  path: FieldPath,
  text: string | undefined,
): Date | undefined {
  if (text === undefined) return undefined
  const at = parseMoment(text, services.timeZone)
  if (at === undefined)
    findings.problem(path, `"${text}" is not a time such as 2027-02-01 or 2027-02-01T00:00:00+08:00`)
  return at
}

function nameOf(form: GrantForm): string {
  const [first = ''] = form.models
  return form.name ?? (form.models.length === 1 ? first : `${first} +${form.models.length - 1}`)
}
