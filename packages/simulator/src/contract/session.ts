/**
 * A token that credentials were exchanged for and that stands for its account until it expires: an OAuth access token,
 * a temporary key.
 */
export interface Session {
  readonly account: string
  readonly token: string
  /** Unix seconds; from this second on the token is expired. */
  readonly expiresAt: number
  /** The only models it is good for, as they were named; absent: whatever the account may use. */
  readonly resources?: readonly string[]
  /** The whole JSON reply that hands the token out. */
  readonly reply: string
}

/** What `Platform.admit` may look up about the tokens this server has handed out. */
export interface Sessions {
  /**
   * The session of a protocol's token at a time in Unix seconds. `expired`: it was handed out here and is over;
   * `unknown`: it never was, or a test has made it invalid.
   */
  find(protocol: string, token: string, at: number): Session | 'expired' | 'unknown'
}
