import { matchesAny } from '../routing/match-pattern.ts'
import type { GrantEntry } from '../snapshot/snapshot.ts'

/** Whether a grant may pay for a model of an account, named as the provider does or as clients do. */
export function grantCoversOffering(
  grant: Pick<GrantEntry, 'accountId' | 'models'>,
  accountId: string,
  offering: { readonly upstreamModel: string; readonly name: string },
): boolean {
  return (
    grant.accountId === accountId &&
    (matchesAny(grant.models, offering.upstreamModel) || matchesAny(grant.models, offering.name))
  )
}
