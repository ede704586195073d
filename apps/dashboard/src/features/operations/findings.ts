import type { Job } from '../../shared/api/types.ts'

export type Finding = NonNullable<Job['lastRun']>['findings'][number]

/** What differs: a counter that admits requests, a sum that reports are made of, or something else. */
export const findingKinds = ['counter', 'rollup', 'other'] as const
export type FindingKind = (typeof findingKinds)[number]

/** The findings of a run by what they mean for those who read them; kinds without any are left out. */
export function groupFindings(
  findings: readonly Finding[],
): readonly { readonly kind: FindingKind; readonly findings: readonly Finding[] }[] {
  return findingKinds
    .map((kind) => ({ kind, findings: findings.filter((finding) => kindOf(finding) === kind) }))
    .filter((group) => group.findings.length > 0)
}

function kindOf({ subject }: Finding): FindingKind {
  if (subject.startsWith('counter of ')) return 'counter'
  return subject.startsWith('rollup of ') ? 'rollup' : 'other'
}
