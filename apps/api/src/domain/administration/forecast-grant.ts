export interface GrantForecast {
  /** Mean use a day, in the grant's unit; `undefined`: not used lately. */
  readonly perDay: bigint | undefined
  /** `undefined`: not before it turns or expires, or nothing can be said. */
  readonly emptyAt: Date | undefined
  /** Some of it will expire unused; `undefined`: it does not expire. */
  readonly expiresFirst: boolean | undefined
}

export interface ForecastInput {
  readonly left: bigint
  readonly nowMs: number
  readonly expiresAtMs: number | undefined
  /** When a renewing grant has its whole amount again: a forecast ends there. */
  readonly turnsAtMs: number | undefined
  /** Used in the last 7 days, and the first hour of use within them. */
  readonly recent: bigint
  readonly recentSinceMs: number | undefined
}

/** At the rate of the last days. A grant first used yesterday is judged by one day, not by seven; never by less than one. */
export function forecastGrant(input: ForecastInput): GrantForecast {
  const { nowMs, left } = input
  const perDay = ratePerDay(input)
  const emptyAtMs =
    perDay === undefined || perDay === 0n || left === 0n
      ? undefined
      : nowMs + Number((left * BigInt(dayMs)) / perDay)
  const endsAtMs = Math.min(input.expiresAtMs ?? Infinity, input.turnsAtMs ?? Infinity)
  const isOver = input.expiresAtMs !== undefined && input.expiresAtMs <= nowMs
  return {
    perDay,
    emptyAt: emptyAtMs !== undefined && emptyAtMs < endsAtMs && !isOver ? new Date(emptyAtMs) : undefined,
    expiresFirst:
      input.expiresAtMs === undefined
        ? undefined
        : left > 0n && (emptyAtMs === undefined || emptyAtMs > input.expiresAtMs),
  }
}

const dayMs = 24 * 3_600_000

function ratePerDay(input: ForecastInput): bigint | undefined {
  if (input.recent <= 0n || input.recentSinceMs === undefined) return undefined
  const spanMs = Math.min(Math.max(input.nowMs - input.recentSinceMs, dayMs), 7 * dayMs)
  return (input.recent * BigInt(dayMs)) / BigInt(Math.round(spanMs))
}
