import { matchesAny } from '../routing/match-pattern.ts'
import type { GrantEntry } from '../snapshot/snapshot.ts'

/** Whether a grant may pay for an upstream model of an account. */
export function grantCoversOffering(
  grant: Pick<GrantEntry, 'accountId' | 'models'>,
  accountId: string,
  upstreamModel: string,
): boolean {
  return grant.accountId === accountId && matchesAny(grant.models, upstreamModel)
}
