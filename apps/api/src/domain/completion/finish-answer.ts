import type { UsageRecord } from '../../ports/usage-record.ts'
import { toReceipt, type Receipt } from '../ledger/receipt.ts'
import type { Dispatched } from './call-providers.ts'
import { servedHeaders } from './served-headers.ts'
import { errorEvent } from '../error-table.ts'
import { GatewayError } from '../errors.ts'
import { toGatewayError } from './to-gateway-error.ts'
import type { CompletionCall } from './run-completion.ts'
import { isRecord } from '../is-record.ts'

/** A whole answer, for the HTTP layer to send. */
export interface CompletionAnswer {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | string
}

/**
 * Ends the answer, after the books are written: the last events of a stream, or the whole body. Throws the error of a
 * request that failed before anything went out.
 */
export function finishAnswer(
  call: CompletionCall,
  dispatched: Dispatched,
  record: UsageRecord,
): CompletionAnswer | undefined {
  const { outcome, candidate, shape } = dispatched
  const grantName = candidate.grant?.grant.name
  const receipt = () => toReceipt(record, grantName, call.snapshot.quotas)
  switch (outcome.kind) {
    case 'answered': {
      const told = shape.whole(outcome.answer.body)
      const body = outcome.answer.usage === undefined ? withEstimate(told, record) : told
      return {
        headers: servedHeaders(candidate, dispatched.attempts.length),
        body: call.receiptInline ? withReceipt(body, receipt()) : body,
      }
    }
    case 'streamed': {
      if (!outcome.state.hasOutput)
        call.client.startStream(servedHeaders(candidate, dispatched.attempts.length))
      if (call.request.includeUsage || call.receiptInline) {
        const usage = usageJson(outcome.state.usageJson, record)
        const json = call.receiptInline ? attachReceipt(usage, receipt()) : usage
        call.client.write(shape.usageEvent(outcome.state, json))
      }
      call.client.write('data: [DONE]\n\n')
      call.client.endStream()
      return undefined
    }
    case 'failed': {
      if (!outcome.committed) throw dispatched.told ?? toGatewayError(outcome.error)
      call.client.write(errorEvent(toGatewayError(outcome.error)))
      call.client.endStream()
      return undefined
    }
    case 'cancelled': {
      if (call.client.hungUp) return undefined
      const stopping = new GatewayError(
        'overloaded',
        'The gateway ended this request because it is restarting. Send it again.',
        { retryAfterMs: 1_000 },
      )
      if (outcome.state?.hasOutput !== true) throw stopping
      call.client.write(errorEvent(stopping))
      call.client.endStream()
      return undefined
    }
  }
}

/** The provider's own `usage`, or the booked estimate where it sent none. */
function usageJson(fromProvider: string | undefined, record: UsageRecord): string {
  return fromProvider ?? JSON.stringify(estimatedUsage(record))
}

/** Clients read `usage` of every answer, so that one without it gets what is booked. */
function withEstimate(body: Uint8Array | string, record: UsageRecord): string {
  return JSON.stringify({ ...parsed(body), usage: estimatedUsage(record) })
}

function estimatedUsage(record: UsageRecord): Record<string, number> {
  const prompt = (record.inputTokens ?? 0) + (record.cachedInputTokens ?? 0)
  const completion = (record.outputTokens ?? 0) + (record.reasoningTokens ?? 0)
  return {
    prompt_tokens: prompt,
    ...(record.endpoint === 'embeddings' ? {} : { completion_tokens: completion }),
    total_tokens: record.totalTokens,
  }
}

function attachReceipt(usage: string, receipt: Receipt): string {
  return JSON.stringify({ ...parsed(usage), tollgate: receipt })
}

function withReceipt(body: Uint8Array | string, receipt: Receipt): string {
  const answer = parsed(body)
  const usage = isRecord(answer['usage']) ? answer['usage'] : {}
  return JSON.stringify({ ...answer, usage: { ...usage, tollgate: receipt } })
}

function parsed(body: Uint8Array | string): Record<string, unknown> {
  const value: unknown = JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString('utf8'))
  return isRecord(value) ? value : {}
}
