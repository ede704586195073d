import { ProviderError, type Call, type Refusal } from '@tollgate/adapters/contract'
import type { Clock } from '../../ports/clock.ts'
import type { Logger } from '../../ports/logger.ts'
import type { Prober } from '../../ports/prober.ts'
import type { AccountEntry } from '../snapshot/snapshot.ts'

/** A call with its session in it, where it needs one. `isNew`: the session was opened for it, or while it waited. */
export type Entered = { readonly ok: true; readonly call: Call; readonly isNew: boolean } | Refusal

interface Session {
  readonly values: Readonly<Record<string, string>>
  readonly openedAtMs: number
  readonly expiresAtMs: number
}

type Opening = Promise<({ readonly ok: true } & Session) | Refusal>

/** What is known of one session of one account. */
interface Held {
  /** What it was opened with: other credentials or another address need another one. */
  readonly proof: string
  session: Session | undefined
  opening: Opening | undefined
  /** After a renewal that failed, and while the old session still serves: not at the pace of the requests. */
  renewAfterMs: number
}

/**
 * Sessions of accounts whose protocol trades long-lived credentials for short-lived ones (`SessionOperation`). One
 * opening at a time for each, whoever waits for it; renewed in the background in good time, and while requests wait only
 * when it is nearly over. In memory: a process that starts opens its own.
 */
export class Sessions {
  readonly #prober: Prober
  readonly #clock: Clock
  readonly #log: Logger
  readonly #held = new Map<string, Held>()

  constructor(services: { readonly prober: Prober; readonly clock: Clock; readonly log: Logger }) {
    this.#prober = services.prober
    this.#clock = services.clock
    this.#log = services.log
  }

  /** The call, ready to be described by the adapter. No promise where nothing has to be waited for. */
  enter(account: AccountEntry, call: Call): Entered | Promise<Entered> {
    const scope = account.adapter.session?.scope(call)
    if (scope === undefined) return { ok: true, call, isNew: false }
    const held = this.#heldFor(account, scope)
    const { session } = held
    const atMs = this.#clock.now()
    if (session === undefined || atMs >= session.expiresAtMs - aheadMs(session) / 3) {
      return this.#open(held, account, call).then((opened) =>
        opened.ok ? { ok: true, call: { ...call, session: opened.values }, isNew: true } : opened,
      )
    }
    if (atMs >= Math.max(session.expiresAtMs - aheadMs(session), held.renewAfterMs)) {
      held.renewAfterMs = atMs + renewalPauseMs
      void this.#open(held, account, call)
    }
    return { ok: true, call: { ...call, session: session.values }, isNew: false }
  }

  /** The platform did not take the session of this call: the next one that enters opens another. */
  refused(account: AccountEntry, call: Call): void {
    const scope = account.adapter.session?.scope(call)
    if (scope === undefined) return
    const held = this.#heldFor(account, scope)
    // Somebody else was told so before, and it has been replaced since.
    if (held.session?.values === call.session) held.session = undefined
  }

  #heldFor(account: AccountEntry, scope: string): Held {
    const key = `${account.id}\n${scope}`
    const proof = JSON.stringify([account.baseUrl, account.credentials, account.options])
    const known = this.#held.get(key)
    if (known?.proof === proof) return known
    const held: Held = { proof, session: undefined, opening: undefined, renewAfterMs: 0 }
    this.#held.set(key, held)
    return held
  }

  #open(held: Held, account: AccountEntry, call: Call): Opening {
    held.opening ??= this.#exchange(account, call)
      .then((opened) => {
        if (opened.ok) held.session = opened
        else
          this.#log.warn(
            { account: account.name, kind: opened.error.kind },
            'an account could not open a session with its provider',
          )
        return opened
      })
      .finally(() => {
        held.opening = undefined
      })
    return held.opening
  }

  async #exchange(account: AccountEntry, call: Call): Opening {
    const operation = account.adapter.session
    if (operation === undefined) throw new Error(`${account.adapter.protocol} has no sessions`)
    const openedAtMs = this.#clock.now()
    const outcome = await this.#prober.probe(operation.request(call), account.origin, openingMs)
    if ('failure' in outcome) {
      const kind = outcome.failure === 'timeout' ? 'timeout' : 'unreachable'
      return { ok: false, error: new ProviderError(kind, { message: outcome.message }) }
    }
    const read = operation.read(outcome.head, outcome.body, call)
    return read.ok ? { ok: true, values: read.values, openedAtMs, expiresAtMs: read.expiresAtMs } : read
  }
}

const openingMs = 15_000
const renewalPauseMs = 30_000
const aheadMsMax = 30 * 60_000

/** How long before its end a session is renewed: half an hour (as Ark's SDK does), less where it lives shortly. */
function aheadMs(session: Session): number {
  return Math.min(aheadMsMax, (session.expiresAtMs - session.openedAtMs) / 4)
}
