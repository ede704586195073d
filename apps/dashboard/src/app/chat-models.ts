import type { Account, Grant } from '../shared/api/types.ts'

/** Chat models to try: of the new account first, of those the ones whose tokens are free, and the cheapest of them. */
export function chatModels(
  accounts: readonly Account[],
  grants: readonly Grant[],
  account?: string,
): readonly string[] {
  const rows = accounts.flatMap(({ name, enabled, models }) =>
    enabled
      ? models
          .filter((model) => model.enabled && model.kind === 'chat')
          .map((model) => ({
            name: model.name,
            own: name === account,
            price: Number(model.price?.outputPerMillion ?? Number.POSITIVE_INFINITY),
            free: grants.some(
              (grant) =>
                grant.account === name &&
                grant.state === 'active' &&
                grant.models.some((pattern) => matches(pattern, model.upstream)),
            ),
          }))
      : [],
  )
  rows.sort(
    (a, b) =>
      Number(b.own) - Number(a.own) ||
      Number(b.free) - Number(a.free) ||
      // Two unknown prices are equal; their difference would be no number.
      (a.price === b.price ? 0 : a.price - b.price),
  )
  return [...new Set(rows.map(({ name }) => name))]
}

/** `*` stands for any text, everything else for itself. */
function matches(pattern: string, model: string): boolean {
  const escaped = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${escaped.join('.*')}$`).test(model)
}
