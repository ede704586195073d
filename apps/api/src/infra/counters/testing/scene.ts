import type { CounterAmount, CounterRef, Hold } from '../../../ports/counters.ts'
import type { ModelEntry } from './model.ts'

/** Counters of every kind, in two groups. */
export const counterNames = ['day', 'minute', 'parallel', 'budget', 'grant', 'once'] as const

/** Short, so that many of them turn. */
const dayMs = 600_000
const startOfDayMs = (atMs: number) => Math.floor(atMs / dayMs) * dayMs

export function refAt(name: string, atMs: number): CounterRef {
  const team = { counterId: name, group: 'team:a' }
  switch (name) {
    case 'day':
      return dayRef(startOfDayMs(atMs))
    case 'minute':
      return { ...team, window: { kind: 'sliding', lengthMs: 60_000 } }
    case 'parallel':
      return { ...team, window: { kind: 'held' } }
    case 'budget':
      return { ...team, window: { kind: 'fixed', startMs: 0, endMs: undefined } }
    default:
      return {
        counterId: name,
        group: 'account:x',
        window: { kind: 'fixed', startMs: 0, endMs: undefined },
      }
  }
}

export function yesterdayAt(atMs: number): CounterRef {
  return dayRef(startOfDayMs(atMs) - dayMs)
}

/** All amounts are multiples of `scale`, but for what counts requests. */
export class Scene {
  readonly scale: bigint
  readonly #limits = new Map<string, bigint>()

  constructor(scale: bigint) {
    this.scale = scale
    const limits = { day: 100n, minute: 60n, budget: 50n, grant: 80n, once: 70n }
    for (const [name, limit] of Object.entries(limits)) this.#limits.set(name, limit * scale)
    this.#limits.set('parallel', 3n)
  }

  limit(counterId: string): bigint {
    return this.#limits.get(counterId) ?? 0n
  }

  changeLimit(counterId: string, percent: bigint): void {
    this.#limits.set(counterId, counterId === 'parallel' ? percent / 30n : percent * this.scale)
  }

  /** Those of the counters that are of the group. */
  holds(
    wanted: { readonly counters: readonly string[]; readonly amount: bigint },
    group: string,
    atMs: number,
  ): Hold[] {
    return wanted.counters
      .map((name) => refAt(name, atMs))
      .filter((ref) => ref.group === group)
      .map((ref) => ({
        ...ref,
        amount: ref.counterId === 'parallel' ? 1n : wanted.amount * this.scale,
        limit: this.limit(ref.counterId),
        hard: ref.counterId !== 'budget',
      }))
  }

  /** Amounts besides what was held, one of them on a counter that is never filled. */
  extra(group: string, atMs: number): CounterAmount[] {
    const ref = refAt(group === 'team:a' ? 'minute' : 'once', atMs)
    return [
      { ...ref, amount: 2n * this.scale },
      { ...ref, counterId: 'never filled', amount: 3n },
    ]
  }
}

/** So many percent of what was held. */
export function shareOf(entries: Iterable<ModelEntry> | undefined, percent: bigint): Map<string, bigint> {
  const amounts = new Map<string, bigint>()
  for (const { holds } of entries ?? [])
    for (const hold of holds) amounts.set(hold.counterId, (hold.amount * percent) / 100n)
  return amounts
}

function dayRef(startMs: number): CounterRef {
  return {
    counterId: 'day',
    group: 'team:a',
    window: { kind: 'fixed', startMs, endMs: startMs + dayMs },
  }
}
