import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { findUser, roles } from '../../domain/administration/list-users.ts'
import { isSetupNeeded, setUpOwner } from '../../domain/administration/set-up-owner.ts'
import { actorOf, type DashboardApp, type UseServices } from './app.ts'
import { isHttps, setCookies } from './cookies.ts'
import { checkOrigin } from './origin.ts'
import { displayName, failures } from './schemas/common.ts'
import { password, showUser, user } from './users.ts'

const tags = ['session']

const me = z
  .object({
    user: z.object({
      id: z.string(),
      name: z.string(),
      email: z.string(),
      role: z.enum(roles),
      teamId: z.string().nullable(),
      team: z.string().nullable(),
    }),
    installation: z.object({
      version: z.string(),
      demo: z.boolean(),
      currency: z.string(),
      timeZone: z.string(),
      baseUrl: z.string().describe('What clients use as base URL, as this caller sees it.'),
    }),
  })
  .meta({ id: 'Me' })

/** better-auth's own answers, passed through; errors carry its `code` and `message` and ours. */
const authAnswer = z.unknown().describe("better-auth's answer.")

export function sessionRoutes(app: DashboardApp, use: UseServices): void {
  app.get(
    '/api/setup',
    {
      config: { access: 'open' },
      schema: {
        operationId: 'getSetup',
        summary: 'Whether the first owner is still to be made',
        tags,
        security: [],
        response: {
          200: z.object({
            needed: z.boolean(),
            demo: z.boolean(),
            demoLogin: z
              .object({ email: z.string(), password: z.string() })
              .optional()
              .describe('Only in demo mode.'),
          }),
          ...failures,
        },
      },
    },
    async () => {
      const { db, demoLogin } = use()
      return {
        needed: await isSetupNeeded(db),
        demo: demoLogin !== undefined,
        ...(demoLogin === undefined ? {} : { demoLogin: { ...demoLogin } }),
      }
    },
  )

  app.post(
    '/api/setup',
    {
      config: { access: 'open' },
      schema: {
        operationId: 'setUp',
        summary: 'Make the first owner, once, with the token of the link printed at start',
        tags,
        security: [],
        body: z.strictObject({ token: z.string().max(200), name: displayName, email: z.email(), password }),
        response: { 201: z.object({ user }), ...failures },
      },
    },
    async (request, reply) => {
      checkOrigin(request, use().publicUrl, 'if-present')
      const owner = await setUpOwner(use(), request.body)
      const { email, password: given } = request.body
      await passOn(use, request, reply, 'POST', '/api/auth/sign-in/email', { email, password: given })
      return reply.code(201).send({ user: showUser(owner) })
    },
  )

  app.get(
    '/api/me',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'getMe',
        summary: 'Who I am, and where',
        tags,
        response: { 200: me, ...failures },
      },
    },
    async (request) => {
      const services = use()
      const actor = actorOf(request)
      const person = actor.id.startsWith('user:')
        ? await findUser(services, actor.id.slice('user:'.length))
        : undefined
      return {
        user: {
          id: person?.id ?? actor.id,
          name: person?.name ?? 'Admin key',
          email: person?.email ?? '',
          role: actor.role,
          teamId: person?.teamId ?? null,
          team: person?.team ?? null,
        },
        installation: {
          version: services.version,
          demo: services.demoLogin !== undefined,
          currency: services.currency,
          timeZone: services.timeZone,
          baseUrl: `${services.publicUrl ?? ownUrl(request)}/v1`,
        },
      }
    },
  )

  app.post(
    '/api/auth/sign-in/email',
    {
      config: { access: 'open' },
      schema: {
        operationId: 'signIn',
        summary: 'Sign in; the session is an HTTP-only cookie',
        description: '401 for a wrong address or password, 429 after 10 tries a minute from one address.',
        tags,
        security: [],
        body: z.object({ email: z.string(), password: z.string(), rememberMe: z.boolean().optional() }),
        response: { 200: authAnswer, ...failures },
      },
    },
    async (request, reply) => {
      checkOrigin(request, use().publicUrl, 'if-present')
      return passOn(use, request, reply, 'POST', '/api/auth/sign-in/email', request.body)
    },
  )

  app.post(
    '/api/auth/sign-out',
    {
      config: { access: 'open' },
      schema: {
        operationId: 'signOut',
        summary: 'End the session',
        tags,
        response: { 200: authAnswer, ...failures },
      },
    },
    async (request, reply) => {
      checkOrigin(request, use().publicUrl, 'required')
      return passOn(use, request, reply, 'POST', '/api/auth/sign-out', {})
    },
  )

  app.get(
    '/api/auth/get-session',
    {
      config: { access: 'open' },
      schema: {
        operationId: 'getSession',
        summary: 'The session of the cookie, or null',
        tags,
        security: [],
        response: { 200: authAnswer, ...failures },
      },
    },
    (request, reply) => passOn(use, request, reply, 'GET', '/api/auth/get-session', undefined),
  )

  app.post(
    '/api/auth/change-password',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'changePassword',
        summary: "Change one's own password",
        tags,
        body: z.object({
          currentPassword: z.string(),
          newPassword: password,
          revokeOtherSessions: z.boolean().default(true),
        }),
        response: { 200: authAnswer, ...failures },
      },
    },
    (request, reply) => passOn(use, request, reply, 'POST', '/api/auth/change-password', request.body),
  )
}

async function passOn(
  use: UseServices,
  request: FastifyRequest,
  reply: FastifyReply,
  method: 'GET' | 'POST',
  path: string,
  body: unknown,
): Promise<string> {
  const answer = await use().signIn.handle({
    path,
    method,
    cookie: request.headers.cookie,
    userAgent: request.headers['user-agent']?.slice(0, 500),
    clientIp: request.ip,
    body,
  })
  setCookies(request, reply, answer.headers.getSetCookie())
  const retryAfter = answer.headers.get('x-retry-after')
  if (retryAfter !== null) reply.header('retry-after', retryAfter)
  reply.code(answer.status).header('cache-control', 'no-store').type('application/json; charset=utf-8')
  const text = await answer.text()
  const parsed: unknown = text === '' ? null : JSON.parse(text)
  return JSON.stringify(answer.ok ? withoutToken(parsed) : withEnvelope(answer.status, parsed))
}

/** The session is the cookie's, which no script can read; then its token must not stand in a body either. */
function withoutToken(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null) return answer
  return Object.fromEntries(
    Object.entries(answer)
      .filter(([name]) => name !== 'token')
      .map(([name, value]: [string, unknown]) => [name, name === 'session' ? withoutToken(value) : value]),
  )
}

/** Its clients read `code` and `message` at the top, everybody else reads our `error`. */
function withEnvelope(status: number, parsed: unknown): object {
  const given = typeof parsed === 'object' && parsed !== null ? parsed : {}
  const message = 'message' in given && typeof given.message === 'string' ? given.message : 'Sign-in failed.'
  const code =
    status === 401
      ? 'unauthorized'
      : status === 429
        ? 'rate_limited'
        : status === 403
          ? 'forbidden'
          : 'invalid_request'
  return { ...given, error: { code, message } }
}

/** For the caller to copy; nothing is decided by it. */
function ownUrl(request: FastifyRequest): string {
  const host = request.headers.host ?? ''
  const safe = /^[\w.:[\]-]{1,255}$/.test(host) ? host : 'localhost'
  return `${isHttps(request) ? 'https' : 'http'}://${safe}`
}
