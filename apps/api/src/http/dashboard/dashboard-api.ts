import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import { accountRoutes } from './accounts.ts'
import type { DashboardApp, UseServices } from './app.ts'
import { auditRoutes } from './audit.ts'
import { catalogueRoutes } from './catalogue.ts'
import { documentationRoutes } from './documentation.ts'
import { errorHandler, notFoundHandler } from './errors.ts'
import { estimateRoutes } from './estimates.ts'
import { grantRoutes } from './grants.ts'
import { guard, requireAccess } from './guard.ts'
import { jobRoutes } from './jobs.ts'
import { keyRoutes } from './keys.ts'
import { memberRoutes } from './members.ts'
import { modelRoutes } from './models.ts'
import { overviewRoutes } from './overview.ts'
import { priceRoutes } from './prices.ts'
import { quotaRoutes } from './quotas.ts'
import { requestRoutes } from './requests.ts'
import type { DashboardServices } from './services.ts'
import { sessionRoutes } from './session.ts'
import { teamRoutes } from './teams.ts'
import { usageRoutes } from './usage.ts'
import { userRoutes } from './users.ts'

export interface DashboardApiOptions {
  readonly services: DashboardServices
}

/**
 * `/api`, `/openapi.json` and `/docs`: register it as a sibling of the gateway's scope, so that neither's keys, hooks
 * and error shapes reach into the other. Do not wrap it in fastify-plugin.
 */
export async function dashboardApi(app: FastifyInstance, options: DashboardApiOptions): Promise<void> {
  await dashboardRoutes(app, { use: () => options.services, version: options.services.version })
}

/** The same, for writing the reference without a service behind it. */
export async function dashboardRoutes(
  app: FastifyInstance,
  options: { readonly use: UseServices; readonly version: string },
): Promise<void> {
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(errorHandler)
  app.addHook('onRoute', requireAccess)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tollgate dashboard API',
        version: options.version,
        description:
          'Accounts, free quotas, models, teams, keys, prices and usage. For chat and embeddings use /v1, which speaks OpenAI. Money is decimal strings, tokens are whole numbers, times are ISO 8601 in UTC, unknown is null. A body with an unknown field is refused.',
      },
      components: {
        securitySchemes: {
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'tollgate.session_token',
            description: 'Set by signing in. Requests that change something must carry our own Origin.',
          },
          adminKey: { type: 'http', scheme: 'bearer', description: 'TOLLGATE_ADMIN_KEY; role owner.' },
        },
      },
      security: [{ session: [] }, { adminKey: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
  app.decorateRequest('dashboardActor', undefined)
  app.addHook('onRequest', guard(options.use))
  app.addHook('onSend', async (_request, reply) => {
    // Figures and names of an installation are nobody else's, and old the moment they are sent.
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    reply.header('x-content-type-options', 'nosniff')
  })
  const typed: DashboardApp = app.withTypeProvider<ZodTypeProvider>()
  for (const routes of resources) routes(typed, options.use)
  documentationRoutes(app)
  app.all('/api/*', { config: { access: 'open' }, schema: { hide: true } }, notFoundHandler)
}

const resources = [
  sessionRoutes,
  overviewRoutes,
  usageRoutes,
  requestRoutes,
  grantRoutes,
  accountRoutes,
  modelRoutes,
  estimateRoutes,
  teamRoutes,
  memberRoutes,
  quotaRoutes,
  keyRoutes,
  priceRoutes,
  catalogueRoutes,
  userRoutes,
  auditRoutes,
  jobRoutes,
]
