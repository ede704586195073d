/**
 * Money, in nanos (1e-9) of a currency that the price version names. One nano per token is 0.001 a million, the
 * smallest step on any price page we know, so that every price is a whole number of nanos per million tokens.
 */
export type Nanos = bigint

/**
 * What an offering costs. An amount that is `undefined` is unknown and is never 0, which is a price of its own
 * (free models). How the parts add up is in `price-usage.ts`.
 */
export interface Price {
  /**
   * By length of the request. At least one. The whole request is charged at the one tier it falls in, not piece by
   * piece (provider sheets tongyi, ark, qianfan).
   */
  readonly tiers: readonly [PriceTier, ...PriceTier[]]
  /** Rates of certain hours; outside of these windows `tiers` hold. */
  readonly timeOfDay?: TimeOfDayPrice
  /** Charged once a request, on top of its tokens. */
  readonly perRequestNanos?: Nanos
  /** Charged for each picture that was made. */
  readonly perImageNanos?: Nanos
}

/** Nanos per million tokens. */
export interface TokenRates {
  readonly inputNanosPerMillion?: Nanos
  /** Input read from the provider's context cache. Unknown: charged as input. */
  readonly cachedInputNanosPerMillion?: Nanos
  /** Input written to an explicit cache. Unknown: charged as input. */
  readonly cacheWriteNanosPerMillion?: Nanos
  readonly outputNanosPerMillion?: Nanos
  /** All output, reasoning and answer, of a request in which the model thought. Unknown: charged as output. */
  readonly thinkingOutputNanosPerMillion?: Nanos
}

/** Holds for `inputOver < input tokens <= inputUpTo`, and the same of output where a platform looks at that too (Ark). */
export interface PriceTier extends TokenRates {
  /** Absent: from the first token on (a request of no input falls in here as well). */
  readonly inputOver?: number
  /** Absent: no end. */
  readonly inputUpTo?: number
  readonly outputOver?: number
  readonly outputUpTo?: number
}

export interface TimeOfDayPrice {
  /** Minutes that the platform's wall clock is ahead of UTC. Beijing: 480, without daylight saving. */
  readonly utcOffsetMinutes: number
  readonly windows: readonly DailyWindow[]
  readonly tiers: readonly [PriceTier, ...PriceTier[]]
}

/** `fromMinute <= minute of the day < toMinute` on these days. A window does not pass midnight: write two. */
export interface DailyWindow {
  /** 1 Monday to 7 Sunday. */
  readonly days: readonly number[]
  readonly fromMinute: number
  readonly toMinute: number
}
