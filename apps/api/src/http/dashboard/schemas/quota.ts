import { z } from 'zod'
import { quotaMetrics, quotaWindows } from '../../../domain/administration/report-quotas.ts'
import { amount, amountInput, isoTime, modelName, origin, percent, uuid } from './common.ts'

const quotaMetric = z
  .enum(quotaMetrics)
  .describe('`cost` is money; `concurrency` counts requests that run at the same time.')
const window = z
  .enum(quotaWindows)
  .describe(
    "`minute` and `hour` slide; `day`, `week` (from Monday) and `month` turn in the installation's time zone; `total` never does.",
  )

const guarantee = z
  .enum(['exact', 'bounded'])
  .describe(
    '`exact`: the worst case is held, the limit is never passed. `bounded`: what the model usually answers is held, so that more requests run at once; it may be passed by `overshootBound`. For tokens and cost only.',
  )

export const quotaInput = z
  .strictObject({
    metric: quotaMetric,
    window: window.optional().describe('Absent for concurrency, needed for everything else.'),
    limit: amountInput,
    model: modelName.optional().describe('Model name or pattern; absent: all models together.'),
    hard: z.boolean().default(true).describe('`false`: counted and shown, never refused.'),
    guarantee: guarantee.default('exact'),
    member: z.string().optional().describe('Name of a member of the team.'),
    key: uuid.optional().describe('Id of a key of the team.'),
  })
  .meta({ id: 'NewQuota' })

export const quotaPatch = z.strictObject({
  limit: amountInput.optional(),
  hard: z.boolean().optional(),
  guarantee: guarantee.optional(),
})

export const quota = z
  .object({
    id: uuid,
    scope: z.enum(['team', 'member', 'key']),
    metric: quotaMetric,
    window: window.nullable().describe('Null for concurrency.'),
    limit: amount,
    model: z.string().nullable(),
    hard: z.boolean(),
    guarantee,
    member: z.string().nullable(),
    key: uuid.nullable().describe('Id of the key.'),
    keyName: z.string().nullable(),
    currency: z.string(),
    origin,
    settled: amount.describe('Used in the running window.'),
    held: amount.describe('Held by requests that are running.'),
    left: amount.describe('limit - settled - held, never below 0.'),
    overshootBound: amount
      .nullable()
      .describe('What running requests may come to beyond what is held for them; null: an exact quota.'),
    usedPercent: percent.describe('settled of limit.'),
    resetsAt: isoTime.nullable().describe('Null for sliding windows, `total` and concurrency.'),
  })
  .meta({ id: 'Quota' })
