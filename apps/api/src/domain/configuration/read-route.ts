import { nearestNames } from '../routing/nearest-names.ts'
import type { RoutePolicy } from '../snapshot/snapshot.ts'
import type { RoutePlan } from './configuration.ts'
import type { RouteForm } from './configuration-form.ts'
import type { FieldPath, Findings } from './findings.ts'
import type { Known } from './read-configuration.ts'

export function readRoute(
  findings: Findings,
  path: FieldPath,
  form: RouteForm,
  known: Known,
): RoutePlan | undefined {
  const policy = readPolicy(findings, [...path, 'policy'], form.policy ?? 'free-first')
  form.offerings.forEach((offering, index) => {
    const message = known.offerings.has(offering) ? undefined : strange(offering, known)
    if (message !== undefined) findings.problem([...path, 'offerings', index], message)
  })
  findings.refuseTwins([...path, 'offerings'], form.offerings, 'an offering')
  if (policy === undefined) return undefined
  return { name: form.name, policy, enabled: form.enabled ?? true, offerings: form.offerings }
}

/** `undefined`: nobody can tell while its account has mistakes. */
function strange(offering: string, known: Known): string | undefined {
  const slash = offering.indexOf('/')
  if (slash < 1) {
    const owner = [...known.offerings].find((candidate) => candidate.endsWith(`/${offering}`))
    return `"${offering}" is not an offering: write account/model${owner === undefined ? '' : `, e.g. "${owner}"`}`
  }
  if (known.doubtful.has(offering.slice(0, slash))) return undefined
  const near = nearestNames(offering, known.offerings).map((name) => `"${name}"`)
  return `there is no offering "${offering}" in this file${near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`}`
}

function readPolicy(findings: Findings, path: FieldPath, word: string): RoutePolicy | undefined {
  const policy = available.find((candidate) => candidate === word)
  if (policy !== undefined) return policy
  if (later.includes(word))
    findings.problem(path, `"${word}" is not available in this version: use one of ${available.join(', ')}`)
  else findings.problem(path, `"${word}" is not one of ${available.join(', ')}`)
  return undefined
}

const available = ['free-first', 'free-only', 'priority'] as const satisfies readonly RoutePolicy[]
const later: readonly string[] = ['cheapest', 'fastest', 'weighted']
