import { v7 as uuidv7 } from 'uuid'
import { priceToJson } from '../prices/price-json.ts'
import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { readMoment } from './confirm-grant.ts'
import { invalidField } from './error.ts'
import type { PriceVersionView } from './list-prices.ts'
import { readPriceForm, type PriceForm } from './price-form.ts'
import type { AdministrationServices } from './services.ts'

export interface SetPrice {
  /** One model of one account ... */
  readonly account?: string | undefined
  readonly offering?: string | undefined
  /** ... or an upstream model wherever it has no price of its own. */
  readonly provider?: string | undefined
  readonly model?: string | undefined
  readonly price: PriceForm
  readonly effectiveFrom?: string | undefined
}

/** A new version. Requests that are booked keep the price they were booked at. */
export async function setPrice(
  services: AdministrationServices,
  actor: Actor,
  form: SetPrice,
): Promise<PriceVersionView> {
  const price = readPriceForm(form.price, 'price')
  const target = await findTarget(services, form)
  const effectiveFrom =
    form.effectiveFrom === undefined
      ? new Date(services.clock.now())
      : readMoment(services, form.effectiveFrom, 'effectiveFrom')
  const row = await change(services, actor, async (tx, audit) => {
    const created = await tx.priceVersion.create({
      data: {
        id: uuidv7(),
        provider: target.provider,
        model: target.model,
        offeringId: target.offeringId,
        currency: services.currency,
        price: priceToJson(price),
        effectiveFrom,
        origin: 'api',
      },
    })
    await audit({
      action: 'price.create',
      subject: `price:${created.id}`,
      details: {
        provider: target.provider,
        model: target.model,
        ...(target.offering === undefined ? {} : { offering: target.offering }),
        effectiveFrom: effectiveFrom.toISOString(),
      },
    })
    return created
  })
  return {
    versionId: row.id,
    provider: row.provider,
    model: row.model,
    offering: target.offering,
    price,
    currency: row.currency,
    effectiveFrom,
    origin: 'api',
    source: undefined,
    createdAt: row.createdAt,
  }
}

async function findTarget(services: AdministrationServices, form: SetPrice) {
  if (
    form.account !== undefined &&
    form.offering !== undefined &&
    form.provider === undefined &&
    form.model === undefined
  ) {
    const row = await services.db.offering.findFirst({
      where: { name: form.offering, account: { name: form.account } },
      include: { account: true },
    })
    if (row === null)
      throw invalidField('offering', `the account "${form.account}" has no model "${form.offering}"`)
    return {
      provider: row.account.provider,
      model: row.upstreamModel,
      offeringId: row.id,
      offering: `${form.account}/${row.name}`,
    }
  }
  if (
    form.provider !== undefined &&
    form.model !== undefined &&
    form.account === undefined &&
    form.offering === undefined
  ) {
    const provider = services.adapters.providers.find((known) => known === form.provider)
    if (provider === undefined)
      throw invalidField('provider', `must be one of ${services.adapters.providers.join(', ')}`)
    return { provider, model: form.model, offeringId: null, offering: undefined }
  }
  throw invalidField('', 'send either account and offering, or provider and model')
}
