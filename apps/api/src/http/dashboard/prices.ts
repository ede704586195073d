import { z } from 'zod'
import { listPrices, type PriceVersionView } from '../../domain/administration/list-prices.ts'
import { setPrice } from '../../domain/administration/set-price.ts'
import { actorOf, type DashboardApp, type UseServices } from './app.ts'
import { toPriceView } from './price-view.ts'
import { failures, isoTime, isoTimeInput, page, pageQuery, uuid } from './schemas/common.ts'
import { priceInput, priceView } from './schemas/price.ts'

const priceVersion = z
  .object({
    id: uuid,
    provider: z.string(),
    model: z.string().describe('Upstream model.'),
    offering: z.string().nullable().describe('`account/name` where it is the price of one offering only.'),
    price: priceView,
    source: z.string().nullable(),
    createdAt: isoTime,
  })
  .meta({ id: 'PriceVersion' })

const newPriceVersion = priceVersion
  .extend({
    repricing: z
      .object({
        requests: z.int().describe('Booked requests that were corrected to it.'),
        complete: z.boolean().describe('False: there are more, which follow in the background.'),
      })
      .describe('What it meant for requests that were booked already.'),
  })
  .meta({ id: 'NewPriceVersion' })

const tags = ['prices']

export function priceRoutes(app: DashboardApp, use: UseServices): void {
  app.get(
    '/api/prices',
    {
      config: { access: 'prices.read' },
      schema: {
        operationId: 'listPrices',
        summary: 'Versions of prices, newest first, past ones included',
        tags,
        querystring: pageQuery.extend({
          provider: z.string().optional(),
          model: z.string().optional().describe('Upstream model.'),
          account: z.string().optional().describe('Only prices of offerings of this account.'),
        }),
        response: { 200: page(priceVersion), ...failures },
      },
    },
    async (request) => {
      const { cursor, limit, provider, model, account } = request.query
      const found = await listPrices(use(), { cursor, limit, provider, model, account })
      return { data: found.data.map(showVersion), nextCursor: found.nextCursor ?? null }
    },
  )

  app.post(
    '/api/prices',
    {
      config: { access: 'prices.write' },
      schema: {
        operationId: 'createPrice',
        summary: 'Set a price from a time on',
        description:
          'Either `account` + `offering`, or `provider` + `model`. Prices are never edited: this adds a version. With `effectiveFrom` in the past, requests since then are corrected by adjustments; many of them in the background.',
        tags,
        body: z.strictObject({
          account: z.string().optional(),
          offering: z.string().optional().describe('Name of the model on the account.'),
          provider: z.string().optional(),
          model: z.string().optional().describe('Upstream model.'),
          price: priceInput,
          effectiveFrom: isoTimeInput.optional().describe('Default: now.'),
        }),
        response: { 201: newPriceVersion, ...failures },
      },
    },
    async (request, reply) => {
      const set = await setPrice(use(), actorOf(request), request.body)
      return reply.code(201).send({ ...showVersion(set), repricing: set.repricing })
    },
  )
}

function showVersion(view: PriceVersionView): z.output<typeof priceVersion> {
  return {
    id: view.versionId,
    provider: view.provider,
    model: view.model,
    offering: view.offering ?? null,
    price: toPriceView(view),
    source: view.source ?? null,
    createdAt: view.createdAt.toISOString(),
  }
}
