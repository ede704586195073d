import { z } from 'zod'
import { accountName, isoTime, modelName, origin, uuid } from './common.ts'
import { priceInput, priceView } from './price.ts'

export const accountState = z.enum(['ok', 'invalid_credentials', 'permission_denied', 'balance_exhausted'])

export const account = z
  .object({
    id: uuid,
    name: z.string(),
    provider: z.string(),
    protocol: z.string(),
    baseUrl: z.string().nullable(),
    options: z.record(z.string(), z.string()),
    credentials: z
      .record(z.string(), z.string())
      .describe('Masked previews such as "sk-…4f2a"; secrets are never sent out.'),
    enabled: z.boolean(),
    origin,
    state: accountState.describe('The last verdict of the provider about the credentials.'),
    stateMessage: z.string().nullable(),
    stateAt: isoTime.nullable(),
    models: z.array(
      z.object({
        name: z.string(),
        upstream: z.string().describe('The model as the provider knows it.'),
        kind: z.string(),
        enabled: z.boolean(),
        price: priceView.nullable(),
      }),
    ),
    createdAt: isoTime,
    updatedAt: isoTime,
  })
  .meta({ id: 'Account' })

const modelInput = z.union([
  modelName,
  z.strictObject({
    name: modelName,
    upstream: modelName.optional(),
    kind: z.enum(['chat', 'embedding']).optional(),
    contextTokens: z.int().positive().optional(),
    maxOutputTokens: z.int().positive().optional(),
    capabilities: z.array(z.string().max(50)).max(50).optional(),
    enabled: z.boolean().optional(),
    ...priceInput.shape,
  }),
])

const baseUrl = z.string().max(2000)
const credentials = z
  .record(z.string(), z.string().max(20_000))
  .describe('Field names as in the catalogue, e.g. { "apiKey": "sk-..." }.')
const options = z.record(z.string(), z.string().max(2000))
const models = z
  .array(modelInput)
  .min(1)
  .max(500)
  .describe(
    'Names of the catalogue, or models in full. Absent: all chat and embedding models of the catalogue.',
  )

export const createAccountBody = z.strictObject({
  name: accountName,
  provider: z.string(),
  protocol: z.string().optional().describe("Default: the provider's recommended one."),
  baseUrl: baseUrl.nullable().optional(),
  credentials,
  options: options.optional(),
  models: models.optional(),
  enabled: z.boolean().optional(),
})

export const updateAccountBody = z.strictObject({
  name: accountName.optional(),
  protocol: z.string().optional(),
  baseUrl: baseUrl.nullable().optional().describe('A changed address needs the credentials again.'),
  credentials: credentials.optional(),
  options: options.optional(),
  models: models.optional(),
  enabled: z.boolean().optional(),
})

export const testConnectionBody = z.strictObject({
  provider: z.string(),
  protocol: z.string().optional(),
  baseUrl: baseUrl.nullable().optional(),
  credentials,
  options: options.optional(),
  model: modelName.optional().describe('Upstream model to try, where the test asks one.'),
})

export const connectionTest = z
  .object({
    ok: z.boolean(),
    latencyMs: z.number(),
    spends: z.boolean().describe('The test used a token or request of the account.'),
    fault: z
      .enum(['credentials', 'permission', 'balance', 'network', 'address', 'provider', 'request'])
      .nullable()
      .describe('Whose fault it is.'),
    kind: z.string().nullable().describe('Kind of the provider error, e.g. invalid_credentials.'),
    message: z.string().describe('What to do next.'),
    upstreamMessage: z.string().nullable().describe("The provider's own words."),
  })
  .meta({ id: 'ConnectionTest' })
