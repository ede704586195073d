import type { BillAmounts } from './bill.ts'

export type Outcome = 'complete' | 'refused' | 'client-closed' | 'cut' | 'stalled' | 'error'

/** One request that reached a generating operation, whatever became of it. Counts are absent until known. */
export interface LoggedRequest {
  readonly id: string
  readonly provider: string
  readonly protocol: string
  account?: string
  model?: string
  stream: boolean
  /** Unix milliseconds. */
  readonly receivedAt: number
  status?: number
  /** Absent while the request runs. */
  outcome?: Outcome
  promptTokens?: number
  /** Produced, reasoning included. */
  completionTokens?: number
  reasoningTokens?: number
  cachedTokens?: number
  /** The usage went out on the wire. */
  usageSent: boolean
  closedAt?: number
  /** The caller's own id, from `x-client-request-id` or `x-request-id`. */
  clientRequestId?: string
  /** From `[[sim tag=...]]` anywhere in the body: the name by which a test knows its request. */
  tag?: string
  /** What this request added to the bill; absent when nothing was billed (yet). */
  billed?: BillAmounts
}

export interface RequestLog {
  open(request: LoggedRequest): void
  /** Newest first. */
  list(limit?: number): LoggedRequest[]
  clear(): void
}

/** Keeps the last `capacity` requests; older ones are overwritten. */
export function createRequestLog(capacity = 100_000): RequestLog {
  let kept: LoggedRequest[] = []
  let next = 0
  return {
    open(request) {
      kept[next % capacity] = request
      next += 1
    },
    list(limit = capacity) {
      const count = Math.min(limit, kept.length)
      const newest: LoggedRequest[] = []
      for (let back = 1; back <= count; back += 1) {
        const request = kept[(next - back) % capacity]
        if (request !== undefined) newest.push({ ...request })
      }
      return newest
    },
    clear() {
      kept = []
      next = 0
    },
  }
}
