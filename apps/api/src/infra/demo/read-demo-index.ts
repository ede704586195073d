import { currentPrices } from '../../domain/administration/current-prices.ts'
import type { Configuration } from '../../domain/configuration/configuration.ts'
import type { GrantEntry } from '../../domain/snapshot/snapshot.ts'
import type { Db } from '../../ports/database.ts'
import type { DemoIndex } from './book-drafts.ts'

/** The configured demo by names, with the prices in force. */
export async function readDemoIndex(db: Db, config: Configuration, at: Date): Promise<DemoIndex> {
  const [offerings, grants, keys, prices] = await Promise.all([
    db.offering.findMany({ include: { account: true } }),
    db.grant.findMany({ include: { account: true } }),
    db.key.findMany({ include: { team: true } }),
    currentPrices(db, at),
  ])
  return {
    currency: config.currency,
    offerings: new Map(
      offerings.map((row) => [
        `${row.account.name}/${row.name}`,
        {
          id: row.id,
          name: row.name,
          upstreamModel: row.upstreamModel,
          accountId: row.accountId,
          accountName: row.account.name,
          provider: row.account.provider,
          price: prices.get(row.id),
        },
      ]),
    ),
    grants: new Map(
      config.accounts.flatMap((account) =>
        account.grants.flatMap((plan): [string, GrantEntry][] => {
          const row = grants.find(
            ({ name, account: owner }) => name === plan.name && owner.name === account.name,
          )
          if (row === undefined) return []
          const entry: GrantEntry = {
            ...plan,
            id: row.id,
            accountId: row.accountId,
            lapsing: [],
            currency: config.currency,
            windowSinceMs: row.windowSince.getTime(),
            validFromMs: row.validFrom.getTime(),
            expiresAtMs: row.expiresAt?.getTime(),
          }
          return [[`${account.name}/${plan.name}`, entry]]
        }),
      ),
    ),
    keys: new Map(
      keys.map((row) => [
        `${row.team.name}/${row.name}`,
        {
          id: row.id,
          name: row.name,
          teamId: row.teamId,
          teamName: row.team.name,
          memberId: row.memberId ?? undefined,
        },
      ]),
    ),
  }
}
