import { z } from 'zod'
import {
  accountNamePattern,
  displayNamePattern,
  modelNamePattern,
} from '../../domain/administration/names.ts'
import type { ConfigurationForm } from '../../domain/configuration/configuration-form.ts'
import { priceFields } from './shape-price.ts'
import { fields } from './fields.ts'

/** The shape of `tollgate.yaml`, closed: what is not listed here is a mistake. */

const accountName = z
  .string()
  .regex(
    accountNamePattern,
    'must be 1 to 64 letters, digits, ".", "_" or "-", beginning with a letter or digit',
  )
const displayName = z
  .string()
  .regex(displayNamePattern, 'must be 1 to 100 letters, digits, spaces or . _ @ + : ( ) * / -')
const modelName = z.string().regex(modelNamePattern, 'must be 1 to 200 characters without spaces')
const amount = z.union([z.number(), z.string()])

const model = z.union([
  modelName,
  fields({
    name: modelName,
    upstream: modelName.optional(),
    kind: z.enum(['chat', 'embedding']).optional(),
    contextTokens: z.int().positive().optional(),
    maxOutputTokens: z.int().positive().optional(),
    capabilities: z.array(z.string()).optional(),
    enabled: z.boolean().optional(),
    ...priceFields,
  }),
])

const grant = fields({
  name: displayName.optional(),
  models: z.array(modelName).min(1),
  unit: z.enum(['tokens', 'input-tokens', 'output-tokens', 'requests', 'money']),
  amount,
  window: z.enum(['once', 'day', 'month']).optional(),
  validFrom: z.string().optional(),
  expiresAt: z.string().optional(),
  whenEmpty: z.enum(['provider-stops', 'provider-bills']).optional(),
  covers: z.array(z.enum(['chat', 'embeddings'])).optional(),
  confidence: z.enum(['documented', 'third-party', 'brief', 'confirmed']).optional(),
  note: z.string().max(1000).optional(),
})

const account = fields({
  name: accountName,
  provider: z.string(),
  protocol: z.string().optional(),
  baseUrl: z.string().max(2000).optional(),
  credentials: z.record(z.string(), z.string().max(20_000)).optional(),
  options: z.record(z.string(), z.string().max(2000)).optional(),
  enabled: z.boolean().optional(),
  models: z.array(model).min(1).optional(),
  grants: z.array(grant).optional(),
})

const route = fields({
  name: modelName,
  policy: z.string().optional(),
  enabled: z.boolean().optional(),
  offerings: z.array(z.string()).min(1),
})

const quotas = z.array(
  fields({
    metric: z.enum(['requests', 'tokens', 'cost', 'concurrency']),
    window: z.enum(['minute', 'hour', 'day', 'week', 'month', 'total']).optional(),
    limit: amount,
    model: modelName.optional(),
    hard: z.boolean().optional(),
    guarantee: z.enum(['exact', 'bounded']).optional(),
  }),
)

const team = fields({
  name: displayName,
  models: z.array(modelName).min(1).optional(),
  enabled: z.boolean().optional(),
  onCountersDown: z.enum(['refuse', 'allow']).optional(),
  quotas: quotas.optional(),
  members: z
    .array(fields({ name: displayName, email: z.email().optional(), quotas: quotas.optional() }))
    .optional(),
  keys: z
    .array(
      fields({
        name: displayName,
        secret: z.string(),
        member: z.string().optional(),
        models: z.array(modelName).optional(),
        allowedIps: z.array(z.string()).optional(),
        expiresAt: z.string().optional(),
        quotas: quotas.optional(),
      }),
    )
    .optional(),
})

export const configurationShape: z.ZodType<ConfigurationForm> = fields({
  currency: z.string().optional(),
  timeZone: z.string().optional(),
  accounts: z.array(account).optional(),
  models: z.array(route).optional(),
  teams: z.array(team).optional(),
})
