import type { Usage } from '../contract/chat.ts'
import type { Metering } from '../contract/platform.ts'

/** Disjoint token counts: `inputTokens` without the cached ones, `outputTokens` without reasoning. */
export interface BillAmounts {
  requests: number
  inputTokens: number
  cachedInputTokens: number
  outputTokens: number
  reasoningTokens: number
  totalTokens: number
  /** Paid by a grant, and not. Together they are `totalTokens`. */
  freeTokens: number
  paidTokens: number
}

export interface BillLine extends BillAmounts {
  readonly provider: string
  readonly protocol: string
  readonly account: string
  readonly model: string
}

export interface Bill {
  readonly lines: BillLine[]
  readonly totals: BillAmounts
}

export interface BillKey {
  readonly provider: string
  readonly protocol: string
  readonly account: string
  readonly model: string
}

/** What the providers charge for, kept apart from everything that was answered. */
export interface Billing {
  /** Books one request and answers with its part of the bill. `free` tokens were paid by grants. */
  book(key: BillKey, used: Usage, metering: Metering, free: number): BillAmounts
  bill(): Bill
  /** Billed requests of one account by model. */
  requestsByModel(protocol: string, account: string): ReadonlyMap<string, number>
  reset(): void
}

export function createBilling(): Billing {
  const lines = new Map<string, BillLine>()
  return {
    book(key, used, metering, free) {
      const id = `${key.protocol}\n${key.account}\n${key.model}`
      let line = lines.get(id)
      if (line === undefined) {
        line = { ...key, ...zero() }
        lines.set(id, line)
      }
      // What the platform does not report apart, it does not bill apart: the reader could not tell either.
      const reasoning = metering.reasoning ? used.reasoning : 0
      const part: BillAmounts = {
        requests: 1,
        inputTokens: used.prompt - used.cached,
        cachedInputTokens: used.cached,
        outputTokens: used.completion - reasoning,
        reasoningTokens: reasoning,
        totalTokens: used.total,
        freeTokens: free,
        paidTokens: used.total - free,
      }
      for (const name of amountNames) line[name] += part[name]
      return part
    },
    bill() {
      const totals = zero()
      for (const line of lines.values()) {
        for (const name of amountNames) totals[name] += line[name]
      }
      return { lines: [...lines.values()].map((line) => ({ ...line })), totals }
    },
    requestsByModel(protocol, account) {
      const counts = new Map<string, number>()
      for (const line of lines.values()) {
        if (line.protocol === protocol && line.account === account) counts.set(line.model, line.requests)
      }
      return counts
    },
    reset() {
      lines.clear()
    },
  }
}

const amountNames: readonly (keyof BillAmounts)[] = [
  'requests',
  'inputTokens',
  'cachedInputTokens',
  'outputTokens',
  'reasoningTokens',
  'totalTokens',
  'freeTokens',
  'paidTokens',
]

function zero(): BillAmounts {
  return {
    requests: 0,
    inputTokens: 0,
    cachedInputTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    totalTokens: 0,
    freeTokens: 0,
    paidTokens: 0,
  }
}
