import type { ProviderError } from '@tollgate/adapters/contract'
import type { GrantReports } from '../../ports/grants.ts'
import { grantCounter, turnsAtMs } from '../counters/windows.ts'
import type { GrantEntry, OfferingEntry } from '../snapshot/snapshot.ts'
import { grantSize } from './grant-size.ts'

/**
 * What providers have said about free quotas that the snapshot does not know yet. Of this process only, and only ever
 * on the careful side: a grant in here is not spent from, an offering in here is not called on a free-only route.
 */
export class GrantWatch {
  readonly #reports: GrantReports
  /** Grants that are empty, with the turn at which a renewing one is full again. */
  readonly #empty = new Map<string, { readonly untilMs: number | undefined }>()
  /** By offering: the model that answered in place of the one that was asked for. */
  readonly #substitutes = new Map<string, string>()

  constructor(reports: GrantReports) {
    this.#reports = reports
  }

  /** The provider says that the grant is used up: nothing more is spent from it here, and soon nowhere. */
  exhausted(
    grant: GrantEntry,
    error: ProviderError,
    at: { readonly atMs: number; readonly timeZone: string; readonly provider: string },
  ): void {
    const mark = { untilMs: turnsAtMs(grantCounter(grant, at.atMs, at.timeZone)) }
    this.#empty.set(grant.id, mark)
    const reported = this.#reports.exhausted({
      grantId: grant.id,
      size: grantSize(grant, at.atMs),
      atMs: at.atMs,
      provider: at.provider,
      upstreamCode: error.upstreamCode,
      message: error.message,
    })
    // From then on the grant's own size says it, and a credit counts again.
    void reported.then(() => {
      if (this.#empty.get(grant.id) === mark) this.#empty.delete(grant.id)
    })
  }

  isEmpty(grant: GrantEntry, atMs: number): boolean {
    if (this.#empty.size === 0) return false
    const mark = this.#empty.get(grant.id)
    return mark !== undefined && (mark.untilMs === undefined || atMs < mark.untilMs)
  }

  /** `false`: it was known already. */
  substituted(offering: OfferingEntry, answered: string): boolean {
    if (this.#substitutes.get(offering.id) === answered) return false
    this.#substitutes.set(offering.id, answered)
    return true
  }

  /** The model that has answered in place of this offering's; `undefined`: none was seen. */
  substituteOf(offering: OfferingEntry): string | undefined {
    return this.#substitutes.size === 0 ? undefined : this.#substitutes.get(offering.id)
  }
}
