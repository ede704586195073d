export interface SignedInUser {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: string
  readonly teamId: string | undefined
}

/** People's sessions in the dashboard. Web `Request` and `Response`, so that no framework shows through. */
export interface SignIn {
  /** Serves a path under `/api/auth`. The caller has checked `Origin`; `clientIp` is what the login limit counts by. */
  handle(request: SignInRequest): Promise<Response>
  /** Who the cookie belongs to; `setCookies` when the session was prolonged. */
  session(
    cookie: string,
  ): Promise<{ readonly user: SignedInUser; readonly setCookies: readonly string[] } | undefined>
  hashPassword(password: string): Promise<string>
}

export interface SignInRequest {
  /** With query, e.g. `/api/auth/sign-in/email`. */
  readonly path: string
  readonly method: 'GET' | 'POST'
  readonly cookie: string | undefined
  readonly userAgent: string | undefined
  readonly clientIp: string
  readonly body: unknown
}
