import type { TokenUsage } from '@tollgate/adapters/contract'

/** Bills of one provider, worked out by hand from its price page, not from our price book. */
export interface ConformanceTable {
  /** As in the price book. */
  readonly provider: string
  /** Documents that the rates in `sum` were read from. */
  readonly sources: readonly string[]
  readonly rows: readonly ConformanceRow[]
}

export interface ConformanceRow {
  readonly model: string
  /** What the row is about. */
  readonly shows: string
  readonly usage: TokenUsage
  /** Tokens by the rate a million (`900 x 0.8`), or pictures and requests by the piece (`3 pieces x 0.25`), added up. */
  readonly sum: string
  /** What that comes to, in whole currency, rounded up to a billionth. */
  readonly cost: string
  /** When the request began. Default: a Friday at 03:00 in Beijing. */
  readonly at?: string
  /** Whether the request switched thinking on. Default: it said nothing. */
  readonly thinking?: boolean
  /** Pictures made. */
  readonly images?: number
}
