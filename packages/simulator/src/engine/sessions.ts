import type { Session, Sessions } from '../contract/session.ts'

/** Which sessions end, and how a platform speaks of their tokens from then on. */
export interface SessionMatch {
  readonly protocol?: string | undefined
  readonly account?: string | undefined
  /** `expired` (default): as if their time were over; `invalid`: as if they had never been handed out. */
  readonly as?: 'expired' | 'invalid' | undefined
}

export interface SessionCount {
  readonly protocol: string
  readonly account: string
  readonly opened: number
}

/** The tokens handed out to all accounts. */
export interface SessionRegister extends Sessions {
  open(protocol: string, session: Session): void
  /** Returns how many sessions it ended; those that a match has ended before are not among them. */
  end(match: SessionMatch): number
  opened(protocol: string, account?: string): number
  list(): SessionCount[]
  /** Forgets how many there were, not the sessions: who holds a token need not know of a reset. */
  countAnew(): void
}

interface Held {
  readonly protocol: string
  readonly session: Session
  ended: boolean
}

export function createSessions(): SessionRegister {
  const held = new Map<string, Held>()
  let counts = new Map<string, SessionCount>()
  return {
    find(protocol, token, at) {
      const found = held.get(keyOf(protocol, token))
      if (found === undefined) return 'unknown'
      if (found.ended || at >= found.session.expiresAt) return 'expired'
      return found.session
    },
    open(protocol, session) {
      const { account, token } = session
      held.set(keyOf(protocol, token), { protocol, session, ended: false })
      const key = keyOf(protocol, account)
      counts.set(key, { protocol, account, opened: (counts.get(key)?.opened ?? 0) + 1 })
    },
    end(match) {
      let ended = 0
      for (const [key, one] of held) {
        if (one.ended || !fits(match, one)) continue
        ended += 1
        one.ended = true
        if (match.as === 'invalid') held.delete(key)
      }
      return ended
    },
    opened(protocol, account) {
      return [...counts.values()]
        .filter((count) => count.protocol === protocol && (account ?? count.account) === count.account)
        .reduce((sum, count) => sum + count.opened, 0)
    },
    list: () => [...counts.values()],
    countAnew() {
      counts = new Map()
    },
  }
}

function keyOf(protocol: string, name: string): string {
  return `${protocol}\n${name}`
}

function fits(match: SessionMatch, { protocol, session }: Held): boolean {
  return (
    (match.protocol === undefined || match.protocol === protocol) &&
    (match.account === undefined || match.account === session.account)
  )
}
