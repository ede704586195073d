import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { Actor, Role } from '../../domain/administration/actor.ts'
import { mayDo } from '../../domain/administration/permissions.ts'
import type { Access, UseServices } from './app.ts'
import { HttpError } from './errors.ts'
import { setCookies } from './cookies.ts'
import { checkOrigin } from './origin.ts'

/** Runs before every route of `/api`: who asks, may they, and does a browser's request come from our own pages. */
export function guard(use: UseServices) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const access = request.routeOptions.config.access
    if (access === undefined || access === 'open') return
    const actor = await identify(use, request, reply)
    if (access !== 'signed-in' && !mayDo(actor.role, access))
      throw new HttpError(403, 'forbidden', `Your role (${actor.role}) does not allow this (${access}).`)
    request.dashboardActor = actor
  }
}

/** A route of `/api` that forgot to say who may call it would be open: it does not start instead. */
export function requireAccess(route: RouteOptions): void {
  const access: Access | undefined = route.config?.access
  if (route.url.startsWith('/api') && access === undefined)
    throw new Error(
      `The route ${String(route.method)} ${route.url} does not say who may call it (config.access).`,
    )
}

async function identify(use: UseServices, request: FastifyRequest, reply: FastifyReply): Promise<Actor> {
  const { authorization, cookie } = request.headers
  if (authorization !== undefined) return fromBearer(use().adminKey, authorization)
  if (cookie === undefined)
    throw new HttpError(401, 'unauthorized', 'Sign in, or send Authorization: Bearer with the admin key.')
  // Before the session is looked up: a page of another site must not even prolong it.
  if (!safeMethods.has(request.method)) checkOrigin(request, use().publicUrl, 'required')
  const session = await use().signIn.session(cookie)
  if (session === undefined) throw new HttpError(401, 'unauthorized', 'The session has ended. Sign in again.')
  setCookies(request, reply, session.setCookies)
  const role = roles.find((candidate) => candidate === session.user.role) ?? 'viewer'
  return {
    id: `user:${session.user.id}`,
    role,
    // A manager without a team manages none: bound to an id that no team has.
    teamId:
      role === 'owner' || role === 'admin'
        ? undefined
        : (session.user.teamId ?? (role === 'manager' ? nobodysTeam : undefined)),
  }
}

function fromBearer(adminKey: string | undefined, authorization: string): Actor {
  const given = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
  if (given === undefined || adminKey === undefined || !sameSecret(given, adminKey))
    throw new HttpError(
      401,
      'unauthorized',
      given?.startsWith('sk-tg-') === true
        ? 'This is a key for /v1; it opens nothing here. Sign in, or use the admin key.'
        : 'This is not the admin key (TOLLGATE_ADMIN_KEY).',
    )
  return { id: 'admin-key', role: 'owner', teamId: undefined }
}

/** In a time that says nothing about where they differ, or how long the right one is. */
function sameSecret(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(left), digest(right))
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])
const roles: readonly Role[] = ['owner', 'admin', 'manager', 'viewer']
const nobodysTeam = '00000000-0000-0000-0000-000000000000'
