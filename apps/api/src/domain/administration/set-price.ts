import { v7 as uuidv7 } from 'uuid'
import { priceToJson } from '../prices/price-json.ts'
import { carryPrices } from '../prices/reprice-due.ts'
import type { Repriced } from '../prices/reprice-usage.ts'
import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { readMoment } from './confirm-grant.ts'
import { drainBooks } from './drain-books.ts'
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

export interface PriceSet extends PriceVersionView {
  /** What it meant for requests that were booked already. Not complete: the rest follows within minutes. */
  readonly repricing: Pick<Repriced, 'requests' | 'complete'>
}

/**
 * A new version; none is ever edited or deleted, a wrong one is superseded by another of the same moment. Requests that
 * began under it and are booked at another price are corrected by adjustments: at once where they are few.
 */
export async function setPrice(
  services: AdministrationServices,
  actor: Actor,
  form: SetPrice,
): Promise<PriceSet> {
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
    repricing: await carryBack(services, actor, row),
  }
}

/** While the caller waits, a few thousand records are corrected; the job does the rest. */
const requestsAtOnce = 2_000

async function carryBack(
  services: AdministrationServices,
  actor: Actor,
  version: { readonly id: string; readonly effectiveFrom: Date },
): Promise<PriceSet['repricing']> {
  const fromMs = version.effectiveFrom.getTime()
  if (fromMs > services.clock.now()) return { requests: 0, complete: true }
  try {
    await drainBooks(services)
    const { requests, complete } = await carryPrices(services, actor, {
      versionIds: [version.id],
      fromMs,
      requestsMax: requestsAtOnce,
    })
    return { requests, complete }
  } catch {
    // The price is set, and that is what was asked for. The job comes to the same fault and says so.
    return { requests: 0, complete: false }
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
