import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { v7 as uuidv7 } from 'uuid'
import type { Db } from '../../ports/database.ts'
import type { SignedInUser, SignIn, SignInRequest } from '../../ports/sign-in.ts'

/**
 * better-auth over our own tables. It never sees the request as it came: its world is one fixed origin, so that neither
 * `Host` nor `X-Forwarded-*` decide anything. Whether a request comes from our own pages is checked before (origin.ts),
 * and `Secure` is added to its cookies by the route, which knows how the browser came.
 */
export function createSignIn(input: { readonly db: Db; readonly secret: string }): SignIn {
  const auth = betterAuth({
    appName: 'Tollgate',
    baseURL: internalOrigin,
    basePath: '/api/auth',
    trustedOrigins: [internalOrigin],
    secret: input.secret,
    database: prismaAdapter(input.db, { provider: 'postgresql', transaction: true }),
    telemetry: { enabled: false },
    user: {
      modelName: 'user',
      additionalFields: {
        role: { type: 'string', input: false },
        teamId: { type: 'string', required: false, input: false },
      },
    },
    session: { modelName: 'userSession', expiresIn: 7 * dayS, updateAge: dayS },
    account: { modelName: 'userLogin' },
    verification: { modelName: 'userVerification' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 10,
      maxPasswordLength: 128,
    },
    rateLimit: {
      enabled: true,
      storage: 'database',
      modelName: 'userRateLimit',
      window: 60,
      max: 600,
      customRules: {
        '/sign-in/email': { window: 60, max: signInsPerMinuteMax },
        '/change-password': { window: 60, max: signInsPerMinuteMax },
        // Asked on every page and poll; reading it proves nothing to a guesser.
        '/get-session': false,
      },
    },
    advanced: {
      database: { generateId: () => uuidv7() },
      ipAddress: { ipAddressHeaders: [clientIpHeader] },
      cookiePrefix: 'tollgate',
      useSecureCookies: false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
    },
    logger: { level: 'error' },
  })

  return {
    handle: (request) => auth.handler(toWebRequest(request)),
    async session(cookie) {
      const { response, headers } = await auth.api.getSession({
        headers: new Headers({ cookie }),
        returnHeaders: true,
      })
      if (response === null) return undefined
      return { user: toUser(response.user), setCookies: headers?.getSetCookie() ?? [] }
    },
    async hashPassword(password) {
      return (await auth.$context).password.hash(password)
    },
  }
}

const internalOrigin = 'http://tollgate.internal'
const clientIpHeader = 'x-tollgate-client-ip'
const dayS = 24 * 3600
/** Per address: enough for somebody who mistypes, and for an office behind one address. */
const signInsPerMinuteMax = 10

function toWebRequest(request: SignInRequest): Request {
  const headers = new Headers({ [clientIpHeader]: request.clientIp, origin: internalOrigin })
  if (request.cookie !== undefined) headers.set('cookie', request.cookie)
  if (request.userAgent !== undefined) headers.set('user-agent', request.userAgent)
  if (request.method === 'GET') return new Request(internalOrigin + request.path, { headers })
  headers.set('content-type', 'application/json')
  return new Request(internalOrigin + request.path, {
    method: 'POST',
    headers,
    body: JSON.stringify(request.body ?? {}),
  })
}

interface AuthUser {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: string
  readonly teamId?: string | null | undefined
}

function toUser(user: AuthUser): SignedInUser {
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    role: user.role,
    teamId: user.teamId ?? undefined,
  }
}
