/** Time is injected, so that tests can turn windows and expire grants without waiting. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }
