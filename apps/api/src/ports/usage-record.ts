/** The ledger row of one request, as the journal stores it and Postgres keeps it. Money in nanos, times in milliseconds. */
export interface UsageRecord {
  readonly requestId: string
  readonly startedAtMs: number
  readonly firstTokenAtMs: number | undefined
  readonly endedAtMs: number
  readonly teamId: string
  readonly teamName: string
  readonly keyId: string
  readonly keyName: string
  readonly memberId: string | undefined
  /** The caller's own tag for its user (`user` or `safety_identifier` of the request). */
  readonly endUser: string | undefined
  readonly endpoint: 'chat.completions' | 'completions' | 'embeddings'
  readonly stream: boolean
  readonly model: string
  readonly offeringId: string | undefined
  readonly accountId: string | undefined
  readonly accountName: string | undefined
  readonly provider: string | undefined
  readonly upstreamModel: string | undefined
  readonly upstreamId: string | undefined
  readonly attempts: readonly Attempt[]
  readonly status: 'ok' | 'error' | 'cancelled' | 'interrupted'
  readonly errorKind: string | undefined
  readonly httpStatus: number | undefined
  readonly finishReason: string | undefined
  readonly inputTokens: number | undefined
  readonly cachedInputTokens: number | undefined
  readonly cacheWriteTokens: number | undefined
  readonly outputTokens: number | undefined
  readonly reasoningTokens: number | undefined
  readonly totalTokens: number
  /**
   * Whether the request switched thinking on or off; `undefined`: it said nothing, or it was booked by an older version.
   * Some models cost more while thinking although no reasoning tokens are reported.
   */
  readonly thinking?: boolean | undefined
  readonly usageSource: 'provider' | 'estimated' | 'interrupted'
  readonly reservedTokens: number
  /** The estimator's upper bound of the input; more than that from the provider is a miss. `undefined`: booked by an older version. */
  readonly inputBoundTokens: number | undefined
  readonly reservedCostNanos: bigint
  /** `max_tokens` as it went out, when the books could not bear what was asked for. */
  readonly maxTokensClamped: number | undefined
  readonly priceVersionId: string | undefined
  readonly priceTier: number | undefined
  readonly currency: string
  /** `undefined`: the offering has no price. */
  readonly listCostNanos: bigint | undefined
  readonly billedCostNanos: bigint
  readonly grantId: string | undefined
  /** In the grant's unit. */
  readonly grantAmount: bigint | undefined
  /** Ids of the soft quotas that were passed when the request was admitted. */
  readonly softQuotasPassed: readonly string[]
}

/** One call of an offering within a request. */
export interface Attempt {
  readonly account: string
  readonly offering: string
  readonly provider: string
  readonly startedAtMs: number
  readonly durationMs: number
  /** `ok`, a `ProviderErrorKind`, or `cancelled`. */
  readonly outcome: string
  readonly upstreamCode?: string
  readonly message?: string
  /** Tokens this failed attempt may have cost although the provider said nothing: prompt read, then silence. */
  readonly possiblyBilledTokens?: number
}
