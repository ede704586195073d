import type { Candidate } from '../routing/choose.ts'

/** Headers that say who served an answer. */
export function servedHeaders(candidate: Candidate, attempts: number): Record<string, string> {
  const { offering } = candidate
  return {
    'x-tollgate-provider': offering.account.provider,
    'x-tollgate-account': offering.account.name,
    'x-tollgate-model': offering.name,
    'x-tollgate-attempts': String(attempts),
  }
}
