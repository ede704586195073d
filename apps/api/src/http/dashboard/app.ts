import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Actor } from '../../domain/administration/actor.ts'
import type { Permission } from '../../domain/administration/permissions.ts'
import { HttpError } from './errors.ts'
import type { DashboardServices } from './services.ts'

export type DashboardApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>

/**
 * Routes take their services when a request comes, not when they are made, so that the reference can be written
 * without a database.
 */
export type UseServices = () => DashboardServices

/** `open`: for anybody. `signed-in`: for every role. Else one of the permissions table. */
export type Access = Permission | 'open' | 'signed-in'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call this route of `/api`; a route without it does not start. */
    access?: Access
  }
  interface FastifyRequest {
    /** Set by the guard on every route of `/api` that is not open. */
    dashboardActor: Actor | undefined
  }
}

export function actorOf(request: Pick<FastifyRequest, 'dashboardActor'>): Actor {
  if (request.dashboardActor === undefined) throw new HttpError(401, 'unauthorized', 'Sign in first.')
  return request.dashboardActor
}
