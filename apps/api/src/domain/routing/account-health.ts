import type { ProviderError } from '@tollgate/adapters/contract'
import type { OfferingEntry } from '../snapshot/snapshot.ts'

interface Cooldown {
  readonly untilMs: number
  /** A limit of the provider, which a caller is told to wait for, rather than a fault, which is worth another try. */
  readonly limited: boolean
}

/**
 * Offerings and accounts that failed a moment ago are passed over for a while, in this process only: a hint for
 * routing, never a fact of the books.
 */
export class AccountHealth {
  readonly #cooldowns = new Map<string, Cooldown>()
  readonly #failures = new Map<string, number>()

  failed(offering: OfferingEntry, error: ProviderError, atMs: number): void {
    const failures = (this.#failures.get(offering.id) ?? 0) + 1
    this.#failures.set(offering.id, failures)
    const key = accountWide.has(error.kind) ? offering.account.id : offering.id
    const forMs = error.retryAfterMs ?? cooldownMs(error.kind, failures)
    if (forMs > 0) {
      this.#cooldowns.set(key, {
        untilMs: atMs + Math.min(forMs, cooldownMsMax),
        limited: error.kind === 'rate_limited' || error.kind === 'overloaded',
      })
    }
  }

  succeeded(offering: OfferingEntry): void {
    if (this.#failures.size > 0) this.#failures.delete(offering.id)
    if (this.#cooldowns.size > 0) {
      this.#cooldowns.delete(offering.id)
      this.#cooldowns.delete(offering.account.id)
    }
  }

  /** Until when the offering is better left alone; `undefined`: it may be tried. */
  cooldown(offering: OfferingEntry, atMs: number): Cooldown | undefined {
    if (this.#cooldowns.size === 0) return undefined
    for (const key of [offering.id, offering.account.id]) {
      const cooldown = this.#cooldowns.get(key)
      if (cooldown === undefined) continue
      if (cooldown.untilMs > atMs) return cooldown
      this.#cooldowns.delete(key)
    }
    return undefined
  }
}

const accountWide = new Set<ProviderError['kind']>(['invalid_credentials', 'balance_exhausted'])
const cooldownMsMax = 600_000

function cooldownMs(kind: ProviderError['kind'], failures: number): number {
  switch (kind) {
    case 'rate_limited':
    case 'overloaded':
      return 1_000
    case 'free_quota_exhausted':
      return 300_000
    case 'balance_exhausted':
    case 'invalid_credentials':
    case 'permission_denied':
    case 'model_not_found':
      return 30_000
    case 'timeout':
    case 'unreachable':
    case 'upstream_error':
      // One fault is an accident; several in a row are a state.
      return failures >= 3 ? 10_000 : 0
    default:
      return 0
  }
}
