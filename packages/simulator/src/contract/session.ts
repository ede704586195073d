/** A token or temporary key that a platform has handed out, for a while and perhaps for some resources only. */
export interface Session {
  readonly token: string
  readonly account: string
  /** Unix seconds; from this second on the token is no good. */
  readonly expiresAt: number
  /** The only resources it is good for; absent: whatever the account may use. */
  readonly resources?: readonly string[]
}

/** What a platform may do with the sessions of all. Tokens of one protocol are unknown to every other. */
export interface Sessions {
  open(protocol: string, session: Session): void
  /** The session of a token that is still good at `now` (Unix seconds). */
  find(protocol: string, token: string, now: number): Session | undefined
}
