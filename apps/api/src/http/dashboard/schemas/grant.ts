import { z } from 'zod'
import {
  amount,
  amountInput,
  decimal,
  displayName,
  isoTime,
  isoTimeInput,
  modelPatterns,
  origin,
  percent,
  uuid,
} from './common.ts'

export const grantUnit = z.enum(['tokens', 'input-tokens', 'output-tokens', 'requests', 'money'])
const grantWindow = z
  .enum(['once', 'day', 'month'])
  .describe('`once`, or renewing: the whole amount again at each turn.')
const whenEmpty = z
  .enum(['provider-stops', 'provider-bills'])
  .describe('What the provider does at zero: refuse, or charge money.')
const covers = z
  .array(z.enum(['chat', 'embeddings']))
  .describe('Calls it pays for; empty: all real-time calls, which are all that pass through here.')
export const grantSource = z.enum(['catalogue', 'console', 'yaml'])
export const confidence = z.enum(['documented', 'third-party', 'brief', 'confirmed'])

export const grantProposal = z
  .object({
    name: z.string(),
    models: z.array(z.string()),
    unit: grantUnit,
    amount: z.string().describe('In the unit, as a decimal string.'),
    window: grantWindow,
    validDays: z.int().nullable().describe('Days from activation; null: the provider states none.'),
    whenEmpty,
    confidence: z.enum(['documented', 'third-party', 'brief']),
    note: z.string().nullable(),
    sources: z.array(z.string()),
  })
  .meta({ id: 'GrantProposal' })

export const grant = z
  .object({
    id: uuid,
    account: z.string(),
    provider: z.string(),
    name: z.string(),
    models: z.array(z.string()).describe('Upstream model names or patterns; they share the amount.'),
    covers,
    unit: grantUnit,
    currency: z.string(),
    window: grantWindow,
    validFrom: isoTime,
    expiresAt: isoTime.nullable(),
    whenEmpty,
    source: grantSource,
    confidence,
    note: z.string().nullable(),
    origin,
    state: z.enum(['active', 'pending', 'expired', 'empty']),
    granted: amount,
    settled: amount.describe('Used in the running window.'),
    held: amount.describe('Held by requests that are running.'),
    left: amount.describe('granted - settled - held, never below 0; 0 when it has expired.'),
    expired: amount.describe('What nobody had used of it when it expired.'),
    usedPercent: percent,
    resetsAt: isoTime.nullable().describe('When a renewing grant has its whole amount again.'),
    saved: decimal.describe('List price of everything it has paid for.'),
    forecast: z
      .object({
        perDay: amount.nullable().describe('Mean use a day over the last 7 days; null: not used in them.'),
        emptyAt: isoTime
          .nullable()
          .describe('When it is used up at that rate; null: not before it turns or expires.'),
        expiresFirst: z
          .boolean()
          .nullable()
          .describe('Some of it will expire unused; null: it does not expire.'),
      })
      .describe('At the rate of the last 7 days.'),
    createdAt: isoTime,
  })
  .meta({ id: 'Grant' })

const sharedInput = {
  models: modelPatterns.min(1),
  covers: covers.optional(),
  validFrom: isoTimeInput.optional(),
  expiresAt: isoTimeInput.nullable().optional(),
  confidence: confidence.optional(),
  note: z.string().max(1000).nullable().optional(),
}

export const createGrantBody = z.strictObject({
  account: z.string().describe('Name of the account.'),
  name: displayName.optional().describe('Default: made from the models.'),
  ...sharedInput,
  unit: grantUnit,
  amount: amountInput,
  window: grantWindow.default('once'),
  whenEmpty,
  source: z.enum(['catalogue', 'console']).default('console'),
})

export const updateGrantBody = z.strictObject({
  name: displayName.optional(),
  ...sharedInput,
  models: sharedInput.models.optional(),
  window: grantWindow.optional(),
  whenEmpty: whenEmpty.optional(),
})

export const entryKind = z
  .enum(['credit', 'adjustment', 'expiry'])
  .describe('Given; corrected, by a person or by what the provider says; unused when it expired.')

export const grantEntry = z
  .object({
    id: uuid,
    kind: entryKind,
    amount: amount.describe('Negative for what is taken away.'),
    effectiveUntil: isoTime
      .nullable()
      .describe('It counts until this turn of a renewing grant and not after; null: for good.'),
    reason: z.string().nullable(),
    actor: z.string().describe('`user:<id>`, `admin-key`, `yaml` or `system`.'),
    createdAt: isoTime,
  })
  .meta({ id: 'GrantEntry' })

const reason = z.string().max(500).optional()

export const grantEntryBody = z.union([
  z.strictObject({ left: amountInput.describe("What the provider's console says is left."), reason }),
  z.strictObject({ credit: amountInput.describe('More of it was given.'), reason }),
])
