import type { ProviderError } from '@tollgate/adapters/contract'
import type { OfferingEntry } from '../snapshot/snapshot.ts'

/** What only an administrator can mend, for the account's page. */
export interface AccountReport {
  readonly accountId: string
  readonly state: 'ok' | AccountState
  readonly message: string | undefined
  readonly atMs: number
}

type AccountState = 'invalid_credentials' | 'permission_denied' | 'balance_exhausted'

function isAccountState(kind: ProviderError['kind']): kind is AccountState {
  return kind === 'invalid_credentials' || kind === 'permission_denied' || kind === 'balance_exhausted'
}

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
  readonly #onAccount: (report: AccountReport) => void
  readonly #faulty = new Set<string>()
  readonly #cooldowns = new Map<string, Cooldown>()
  readonly #failures = new Map<string, number>()

  /** `onAccount` hears when an account needs a person, and when it works again. */
  constructor(onAccount: (report: AccountReport) => void) {
    this.#onAccount = onAccount
  }

  failed(offering: OfferingEntry, error: ProviderError, atMs: number): void {
    const { id } = offering.account
    if (isAccountState(error.kind) && !this.#faulty.has(id)) {
      this.#faulty.add(id)
      this.#onAccount({ accountId: id, state: error.kind, message: error.message, atMs })
    }
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

  succeeded(offering: OfferingEntry, atMs: number): void {
    if (this.#faulty.size > 0 && this.#faulty.delete(offering.account.id)) {
      this.#onAccount({ accountId: offering.account.id, state: 'ok', message: undefined, atMs })
    }
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
