import { matchesAny } from '../routing/match-pattern.ts'
import { chooseAdapter } from './account-form.ts'
import type { GrantProposal } from './catalogue.ts'
import { findAccountRow } from './list-accounts.ts'
import type { AdministrationServices } from './services.ts'

export type ProposedGrant = GrantProposal & {
  /** A grant of this name has been confirmed for the account. */
  readonly exists: boolean
}

/** Free quotas that the provider announces for models this account offers. Nothing counts until a person confirms it. */
export async function proposeGrants(
  services: AdministrationServices,
  name: string,
): Promise<readonly ProposedGrant[]> {
  const row = await findAccountRow(services.db, name)
  const { provider } = chooseAdapter(services, row.provider, row.protocol)
  const offered = row.offerings
    .filter((offering) => offering.enabled)
    .map((offering) => offering.upstreamModel)
  const existing = await services.db.grant.findMany({ where: { accountId: row.id }, select: { name: true } })
  return services.catalogue
    .grants(provider)
    .filter((proposal) => offered.some((model) => matchesAny(proposal.models, model)))
    .map((proposal) => ({ ...proposal, exists: existing.some((grant) => grant.name === proposal.name) }))
}
