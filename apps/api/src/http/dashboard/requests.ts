import { z } from 'zod'
import { findRequest, listRequests, type RequestView } from '../../domain/administration/list-requests.ts'
import { findPassedQuotas } from '../../domain/administration/find-passed-quotas.ts'
import { showAmount } from '../../domain/administration/read-amount.ts'
import { formatNanos } from '../../domain/prices/format-nanos.ts'
import type { AdjustmentRow } from '../../ports/database.ts'
import { actorOf, type DashboardApp, type UseServices } from './app.ts'
import { amountKind } from './grant-view.ts'
import { amount, decimal, failures, isoTime, page, pageQuery, uuid } from './schemas/common.ts'
import { filterQuery } from './usage.ts'

const status = z
  .enum(['ok', 'error', 'cancelled', 'interrupted'])
  .describe('`cancelled`: the client hung up; `interrupted`: the service died.')
const count = z.int().nullable().describe('Null: the provider did not say.')

const signedDecimal = decimal.describe('By how much, either sign.')

const row = z
  .object({
    id: uuid.describe('The x-request-id of the answer.'),
    startedAt: isoTime,
    durationMs: z.int(),
    firstTokenMs: z.int().nullable(),
    team: z.string(),
    key: z.string(),
    member: z.string().nullable(),
    endUser: z.string().nullable().describe("The caller's own tag for its user."),
    endpoint: z.string(),
    stream: z.boolean(),
    model: z.string().describe('As the client asked for it.'),
    account: z.string().nullable(),
    provider: z.string().nullable(),
    upstreamModel: z.string().nullable(),
    status,
    errorKind: z.string().nullable(),
    httpStatus: z.int().nullable(),
    finishReason: z.string().nullable(),
    inputTokens: count,
    cachedInputTokens: count,
    cacheWriteTokens: count,
    outputTokens: count,
    reasoningTokens: count,
    totalTokens: z.int(),
    usageSource: z.enum(['provider', 'estimated', 'interrupted']),
    listCost: decimal.nullable().describe('Null: the model has no price.'),
    billedCost: decimal,
    currency: z.string(),
    grant: z.string().nullable().describe('Name of the free quota that paid; null: none.'),
    grantId: uuid.nullable(),
    grantUnit: z.string().nullable(),
    grantAmount: amount.nullable().describe('How much of it, in its unit.'),
  })
  .meta({ id: 'RequestRow' })

const attempt = z.looseObject({
  account: z.string(),
  offering: z.string(),
  outcome: z.string().describe('`ok`, the kind of error, or `cancelled`.'),
})

const adjustment = z
  .object({
    kind: z.enum(['re-pricing', 'reconciliation']),
    reason: z.string(),
    actor: z.string(),
    createdAt: isoTime,
    priceVersion: uuid.nullable(),
    listCost: signedDecimal,
    billedCost: signedDecimal,
    grantAmount: amount.nullable(),
    priced: z
      .int()
      .describe('1: it had no price before, so its list cost was unknown, not 0; -1: the other way round.'),
  })
  .meta({ id: 'UsageAdjustment' })

const detail = row
  .extend({
    upstreamId: z.string().nullable().describe("The provider's own id, for its support."),
    attempts: z
      .array(attempt)
      .describe(
        'Every offering that was called, in order, with startedAtMs, durationMs, upstreamCode, message.',
      ),
    reservedTokens: z.int(),
    reservedCost: decimal,
    maxTokensClamped: z
      .int()
      .nullable()
      .describe('max_tokens as sent, when what is left could not bear more.'),
    softQuotasPassed: z
      .array(
        z.object({
          id: uuid,
          scope: z.string().nullable().describe('Null, like the rest: the quota is gone.'),
          name: z.string().nullable().describe('Of the team, member or key.'),
          metric: z.string().nullable(),
          window: z.string().nullable(),
        }),
      )
      .describe('Soft quotas whose limit was passed with this request, which was served all the same.'),
    priceVersion: uuid.nullable(),
    priceTier: z.int().nullable().describe('Index of the tier it was priced at.'),
    adjustments: z
      .array(adjustment)
      .describe('Corrections since it was booked, oldest first; the costs above contain them.'),
  })
  .meta({ id: 'RequestDetail' })

const tags = ['usage']

export function requestRoutes(app: DashboardApp, use: UseServices): void {
  app.get(
    '/api/requests',
    {
      config: { access: 'usage.read' },
      schema: {
        operationId: 'listRequests',
        summary: 'The ledger: one row a request, newest first',
        tags,
        querystring: pageQuery.extend({
          ...filterQuery,
          status: status.optional(),
          from: z.string().optional().describe('ISO 8601 time with offset, or a date.'),
          to: z.string().optional().describe('Exclusive.'),
        }),
        response: { 200: page(row), ...failures },
      },
    },
    async (request) => {
      const { cursor, limit, status: wanted, from, to, team, key, model, provider, account } = request.query
      const found = await listRequests(use(), actorOf(request), {
        cursor,
        limit,
        status: wanted,
        from,
        to,
        filter: { team, key, model, provider, account },
      })
      return { data: found.data.map(showRow), nextCursor: found.nextCursor ?? null }
    },
  )

  app.get(
    '/api/requests/:id',
    {
      config: { access: 'usage.read' },
      schema: {
        operationId: 'getRequest',
        summary: 'One request with its attempts',
        tags,
        params: z.object({ id: uuid }),
        response: { 200: detail, ...failures },
      },
    },
    async (request) => {
      const view = await findRequest(use(), actorOf(request), request.params.id)
      const { record } = view
      return {
        ...showRow(view),
        upstreamId: record.upstreamId,
        attempts: z.array(attempt).catch([]).parse(record.attempts),
        reservedTokens: record.reservedTokens,
        reservedCost: formatNanos(record.reservedCost),
        maxTokensClamped: record.maxTokensClamped,
        softQuotasPassed: [...(await findPassedQuotas(use(), record.softQuotasPassed))],
        priceVersion: record.priceVersionId,
        priceTier: record.priceTier,
        adjustments: view.adjustments.map((made) => showAdjustment(made, view.grant?.unit)),
      }
    },
  )
}

function showAdjustment(made: AdjustmentRow, unit: string | undefined): z.output<typeof adjustment> {
  return {
    kind: adjustment.shape.kind.catch('reconciliation').parse(made.kind),
    reason: made.reason,
    actor: made.actor,
    createdAt: made.createdAt.toISOString(),
    priceVersion: made.priceVersionId,
    listCost: formatNanos(made.listCost),
    billedCost: formatNanos(made.billedCost),
    grantAmount: made.grantId === null ? null : showAmount(amountKind(unit ?? ''), made.grantAmount),
    priced: made.priced,
  }
}

function showRow({ record, member, grant }: RequestView): z.output<typeof row> {
  const startedAtMs = record.startedAt.getTime()
  return {
    id: record.requestId,
    startedAt: record.startedAt.toISOString(),
    durationMs: record.endedAt.getTime() - startedAtMs,
    firstTokenMs: record.firstTokenAt === null ? null : record.firstTokenAt.getTime() - startedAtMs,
    team: record.teamName,
    key: record.keyName,
    member: member ?? null,
    endUser: record.endUser,
    endpoint: record.endpoint,
    stream: record.stream,
    model: record.model,
    account: record.accountName,
    provider: record.provider,
    upstreamModel: record.upstreamModel,
    status: status.catch('error').parse(record.status),
    errorKind: record.errorKind,
    httpStatus: record.httpStatus,
    finishReason: record.finishReason,
    inputTokens: record.inputTokens,
    cachedInputTokens: record.cachedInputTokens,
    cacheWriteTokens: record.cacheWriteTokens,
    outputTokens: record.outputTokens,
    reasoningTokens: record.reasoningTokens,
    totalTokens: record.totalTokens,
    usageSource: row.shape.usageSource.catch('estimated').parse(record.usageSource),
    listCost: record.listCost === null ? null : formatNanos(record.listCost),
    billedCost: formatNanos(record.billedCost),
    currency: record.currency,
    grant: grant?.name ?? null,
    grantId: record.grantId,
    grantUnit: grant?.unit ?? null,
    grantAmount:
      record.grantAmount === null ? null : showAmount(amountKind(grant?.unit ?? ''), record.grantAmount),
  }
}
