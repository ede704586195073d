import { z } from 'zod'
import type { DashboardApp, UseServices } from './app.ts'
import { showProposal } from './grant-view.ts'
import { showPrice } from './price-view.ts'
import { failures } from './schemas/common.ts'
import { grantProposal } from './schemas/grant.ts'
import { priceView } from './schemas/price.ts'

const catalogue = z
  .object({
    providers: z.array(
      z.object({
        provider: z.string(),
        protocols: z
          .array(
            z.object({
              protocol: z.string(),
              recommended: z.boolean(),
              defaultBaseUrl: z.string().nullable().describe('Null: the account must name one.'),
              credentials: z.array(
                z.object({
                  name: z.string(),
                  required: z.boolean(),
                  label: z.string().describe("What the platform's console calls it."),
                  example: z.string().nullable(),
                }),
              ),
              credentialSets: z
                .array(z.array(z.string()))
                .nullable()
                .describe(
                  'Ways to prove oneself: names of credentials, of which one whole list is given and nothing of the others. Null: `required` says it all.',
                ),
              options: z.array(
                z.object({
                  name: z.string(),
                  label: z.string(),
                  values: z.array(z.string()).nullable().describe('Null: any text.'),
                  format: z
                    .enum(['url'])
                    .nullable()
                    .describe('`url`: an absolute http or https address. Null: no form is asked for.'),
                }),
              ),
              probeSpends: z.boolean().describe('Testing the connection uses a token or request.'),
            }),
          )
          .describe('The recommended one first.'),
        models: z.array(
          z.object({
            name: z.string(),
            kind: z.string(),
            contextTokens: z.int().nullable(),
            maxOutputTokens: z.int().nullable(),
            capabilities: z.array(z.string()),
            price: priceView.nullable(),
            asOf: z.string().describe('Month of the newest source.'),
          }),
        ),
        grants: z.array(grantProposal),
      }),
    ),
  })
  .meta({ id: 'Catalogue' })

export function catalogueRoutes(app: DashboardApp, use: UseServices): void {
  app.get(
    '/api/catalogue',
    {
      config: { access: 'installation.read' },
      schema: {
        operationId: 'getCatalogue',
        summary: 'Providers, their protocols, models, list prices and announced free quotas',
        description: 'Facts that come with this version; nothing here is about your accounts.',
        tags: ['catalogue'],
        response: { 200: catalogue, ...failures },
      },
    },
    async (): Promise<z.output<typeof catalogue>> => {
      const { adapters, catalogue: facts } = use()
      return {
        providers: adapters.providers.map((provider) => ({
          provider,
          protocols: adapters.protocolsOf(provider).map((adapter, index) => ({
            protocol: adapter.protocol,
            recommended: index === 0,
            defaultBaseUrl: adapter.defaultBaseUrl ?? null,
            credentials: adapter.credentials.map((field) => ({ ...field, example: field.example ?? null })),
            credentialSets: adapter.credentialSets?.map((names) => [...names]) ?? null,
            options: adapter.options.map((field) => ({
              ...field,
              values: field.values === undefined ? null : [...field.values],
              format: field.format ?? null,
            })),
            probeSpends: adapter.probe.spends,
          })),
          models: facts.models(provider).map((model) => ({
            name: model.name,
            kind: model.kind,
            contextTokens: model.contextTokens ?? null,
            maxOutputTokens: model.maxOutputTokens ?? null,
            capabilities: [...model.capabilities],
            price:
              model.price === undefined
                ? null
                : showPrice(model.price, {
                    currency: model.currency,
                    effectiveFrom: null,
                    origin: 'price-book',
                  }),
            asOf: model.asOf,
          })),
          grants: facts.grants(provider).map(showProposal),
        })),
      }
    },
  )
}
