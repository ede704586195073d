import type { Session, Sessions } from '../contract/session.ts'

/** All sessions of one simulator, and what a test wants to know and do about them. */
export interface SessionStore extends Sessions {
  /** Makes every token handed out so far invalid, as a platform may at any time. */
  expireAll(): void
  /** How often a token was handed out since the start or the last `resetCounts`. */
  opened(protocol: string): number
  resetCounts(): void
}

export function createSessions(): SessionStore {
  const sessions = new Map<string, Session>()
  const counts = new Map<string, number>()
  return {
    open(protocol, session) {
      sessions.set(keyOf(protocol, session.token), session)
      counts.set(protocol, (counts.get(protocol) ?? 0) + 1)
    },
    find(protocol, token, now) {
      const session = sessions.get(keyOf(protocol, token))
      return session !== undefined && now < session.expiresAt ? session : undefined
    },
    expireAll() {
      sessions.clear()
    },
    opened: (protocol) => counts.get(protocol) ?? 0,
    resetCounts() {
      counts.clear()
    },
  }
}

function keyOf(protocol: string, token: string): string {
  return `${protocol}\n${token}`
}
