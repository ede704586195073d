import { adapters } from '@tollgate/adapters'
import type { Provider } from '@tollgate/adapters/contract'
import type { FastifyInstance } from 'fastify'
import type { Books } from './books.ts'
import type { OpenDatabase } from './database.ts'
import type { Adapters } from './domain/administration/services.ts'
import type { Catalogue } from './domain/administration/catalogue.ts'
import { dashboardApi } from './http/dashboard/dashboard-api.ts'
import type { DashboardServices } from './http/dashboard/services.ts'
import { TransportProber } from './infra/transport/transport-prober.ts'
import { systemClock } from './ports/clock.ts'
import type { Jobs } from './ports/jobs.ts'
import type { Secrets } from './ports/secrets.ts'
import type { SignIn } from './ports/sign-in.ts'

export interface DashboardOptions {
  readonly database: OpenDatabase
  readonly books: Books
  readonly secrets: Secrets
  readonly catalogue: Catalogue
  readonly signIn: SignIn
  readonly jobs: Jobs
  readonly adminKey: string | undefined
  readonly publicUrl: string | undefined
  readonly version: string
  readonly demoLogin: DashboardServices['demoLogin']
}

/** The dashboard's API beside the gateway: the same books, looked at from the other side. */
export async function registerDashboard(app: FastifyInstance, options: DashboardOptions): Promise<void> {
  const { database, books } = options
  const { currency, timeZone } = books.keeper.current()
  await app.register(dashboardApi, {
    services: {
      db: database.prisma,
      secrets: options.secrets,
      books: books.live,
      snapshot: books.keeper,
      prober: new TransportProber(books.transport),
      adapters: builtInAdapters,
      catalogue: options.catalogue,
      estimator: books.services.estimator,
      clock: systemClock,
      currency,
      timeZone,
      signIn: options.signIn,
      jobs: options.jobs,
      adminKey: options.adminKey,
      publicUrl: options.publicUrl,
      version: options.version,
      demoLogin: options.demoLogin,
    },
  })
}

const all = Object.values(adapters)

export const builtInAdapters: Adapters = {
  providers: [...new Set(all.map((adapter): Provider => adapter.provider))],
  protocolsOf: (provider) => all.filter((adapter) => adapter.provider === provider),
  find: (protocol) => all.find((adapter) => adapter.protocol === protocol),
}
