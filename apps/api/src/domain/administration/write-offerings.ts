import { isDeepStrictEqual } from 'node:util'
import { v7 as uuidv7 } from 'uuid'
import type { Tx } from '../../ports/database.ts'
import { priceFromJson, priceToJson } from '../prices/price-json.ts'
import type { Price } from '../prices/price.ts'
import type { OfferingPlan } from './plan-offerings.ts'

export interface OfferingsOwner {
  readonly accountId: string
  readonly provider: string
  readonly currency: string
  readonly origin: 'api' | 'yaml'
  readonly at: Date
}

/**
 * Makes an account offer exactly what is planned. What is no longer planned is switched off and stays, so that prices
 * and records that name it can still be explained. Answers how many rows it wrote: 0 when all was so already.
 */
export async function writeOfferings(
  tx: Tx,
  owner: OfferingsOwner,
  plans: readonly OfferingPlan[],
): Promise<number> {
  const existing = await tx.offering.findMany({ where: { accountId: owner.accountId } })
  let written = 0
  for (const plan of plans) {
    const found = existing.find((row) => row.name === plan.name)
    const fields = {
      upstreamModel: plan.upstreamModel,
      kind: plan.kind,
      contextTokens: plan.contextTokens ?? null,
      maxOutputTokens: plan.maxOutputTokens ?? null,
      capabilities: [...plan.capabilities],
      enabled: plan.enabled,
    }
    const id = found?.id ?? uuidv7()
    if (found === undefined) {
      await tx.offering.create({ data: { id, accountId: owner.accountId, name: plan.name, ...fields } })
      written += 1
    } else if (
      Object.entries(fields).some(([field, value]) => !isDeepStrictEqual(Reflect.get(found, field), value))
    ) {
      await tx.offering.update({ where: { id }, data: fields })
      written += 1
    }
    written += await writeOverride(tx, owner, id, plan)
  }
  const gone = existing.filter((row) => row.enabled && !plans.some((plan) => plan.name === row.name))
  if (gone.length > 0) {
    const { count } = await tx.offering.updateMany({
      where: { id: { in: gone.map((row) => row.id) } },
      data: { enabled: false },
    })
    written += count
  }
  return written
}

/** A price is never edited: a changed one is a new version. Taking an override away is a version that knows no price, unless the book has one. */
async function writeOverride(
  tx: Tx,
  owner: OfferingsOwner,
  offeringId: string,
  plan: OfferingPlan,
): Promise<number> {
  const current = await tx.priceVersion.findFirst({
    where: { offeringId, effectiveFrom: { lte: owner.at } },
    orderBy: [{ effectiveFrom: 'desc' }, { createdAt: 'desc' }, { id: 'desc' }],
  })
  const wanted = plan.price ?? (current?.origin === 'yaml' ? await bookPrice(tx, owner, plan) : undefined)
  if (wanted === undefined) return 0
  if (current !== null && isDeepStrictEqual(priceFromJson(current.price), wanted)) return 0
  await tx.priceVersion.create({
    data: {
      id: uuidv7(),
      provider: owner.provider,
      model: plan.upstreamModel,
      offeringId,
      currency: owner.currency,
      price: priceToJson(wanted),
      effectiveFrom: owner.at,
      origin: owner.origin,
    },
  })
  return 1
}

async function bookPrice(tx: Tx, owner: OfferingsOwner, plan: OfferingPlan): Promise<Price> {
  const row = await tx.priceVersion.findFirst({
    where: {
      offeringId: null,
      provider: owner.provider,
      model: plan.upstreamModel,
      effectiveFrom: { lte: owner.at },
    },
    orderBy: [{ effectiveFrom: 'desc' }, { createdAt: 'desc' }],
  })
  return row === null ? { tiers: [{}] } : priceFromJson(row.price)
}
