import Fastify from 'fastify'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import { openBooks, type Books } from './books.ts'
import { builtInAdapters, registerDashboard } from './dashboard.ts'
import { openDatabase } from './database.ts'
import { ensureSetupToken } from './domain/administration/set-up-owner.ts'
import { catalogueOf } from './domain/prices/book-catalogue.ts'
import { seedPriceBook } from './domain/prices/seed-price-book.ts'
import { dashboardFiles } from './http/dashboard-files/plugin.ts'
import { gateway } from './http/gateway/plugin.ts'
import { operations } from './http/operations/plugin.ts'
import { applyConfigurationFile } from './infra/config/apply-configuration-file.ts'
import type { ServiceConfig } from './infra/config/environment.ts'
import { crashAt } from './infra/crash-at.ts'
import { buildDashboard } from './infra/dashboard-files/build-dashboard.ts'
import { startDemo, type Demo } from './infra/demo/start-demo.ts'
import { PostgresLedger } from './infra/ledger/postgres-ledger.ts'
import { readPriceBook } from './infra/price-book/read-price-book.ts'
import { loadMasterKeys, secretsWith } from './infra/secrets.ts'
import { createSignIn } from './infra/sign-in/better-auth-sign-in.ts'
import { assertPortFree, closeConnections, listen } from './listen.ts'
import { openJobs } from './open-jobs.ts'
import { systemClock } from './ports/clock.ts'
import { noSteps } from './ports/steps.ts'
import type { Logger } from './ports/logger.ts'

export interface RunningService {
  /** Where people and clients find it, e.g. `http://localhost:8787`. */
  readonly url: string
  readonly port: number
  readonly dataDirectory: string
  /** One-time link to make the owner account; `undefined` once there is one. */
  readonly setupLink: string | undefined
  readonly demo: Pick<Demo, 'login' | 'keys'> | undefined
  /** Lets requests end within the limit, drains the journal, closes everything. */
  stop(): Promise<void>
}

/** Composition: the one place that knows which implementation stands behind each port. */
export async function startService(
  given: ServiceConfig,
  options: { readonly demo: boolean; readonly version: string; readonly log: Logger },
): Promise<RunningService> {
  const { log } = options
  const config = options.demo ? demoConfig(given) : given
  await assertPortFree(config)
  const undo: (() => Promise<void>)[] = []
  try {
    // The slow parts of a first start do not wait for each other.
    const files = buildDashboard(log)
    files.catch(() => {})
    const database = await openDatabase(config.storage, log)
    undo.push(() => database.close())
    const { dataDirectory } = config.storage
    const keys = await loadMasterKeys({ dataDirectory, masterKey: config.masterKey })
    const secrets = secretsWith(keys.credentials)
    const book = await readPriceBook()
    await seedPriceBook(database.prisma, book)
    const configuring = {
      db: database.prisma,
      secrets,
      clock: systemClock,
      log,
      env: process.env,
      adapters: builtInAdapters,
      catalogue: catalogueOf(book),
    }
    const signIn = createSignIn({ db: database.prisma, secret: keys.sessions })
    let demo: Demo | undefined
    if (options.demo) {
      demo = await startDemo({
        ...configuring,
        ledger: new PostgresLedger(database.pool),
        hashPassword: signIn.hashPassword,
      })
    } else {
      await applyConfigurationFile(configuring, config.configFile)
    }

    const books = await openBooks({
      pool: database.pool,
      db: database.prisma,
      databaseUrl: database.url,
      dataDirectory,
      secrets,
      clock: systemClock,
      log,
      limits: {
        admissionWaitMs: config.admissionWaitMs,
        usefulOutputTokens: config.usefulOutputTokens,
        usefulGrantOutputTokens: Math.max(config.usefulOutputTokens, 2_048),
        unknownOutputTokens: 8_192,
        requestMsMax: config.requestMsMax,
        settlementMs: config.settlementMs,
        firstByteMs: config.firstByteMs,
        idleMs: config.idleMs,
        answerBytesMax: 64 * 1_048_576,
      },
      journalBytesMax: config.journalBytesMax,
      durability: config.durability,
      privateUpstreams: config.privateUpstreams,
      redisUrl: config.storage.mode === 'distributed' ? config.storage.redisUrl : undefined,
      self: { id: uuidv7(), role: config.role, host: hostname(), version: options.version },
      steps: config.crashAt === undefined ? noSteps : crashAt(config.crashAt),
    })
    let stopping = false
    const app = Fastify({
      logger: false,
      trustProxy: false,
      forceCloseConnections: 'idle',
      requestTimeout: 120_000,
    })
    undo.push(async () => {
      stopping = true
      const closed = app.close()
      await books.stop(config.stopTimeoutMs)
      await closeConnections(app, closed)
    })
    // Its clients go before the service they call.
    if (demo !== undefined) undo.push(demo.stop)
    await app.register(operations, {
      registry: books.meter.registry,
      obstacles: () => obstacles(books, stopping),
    })
    const openedJobs = openJobs({ config, database, books, log })
    undo.push(() => openedJobs.jobs.stop(jobStopMs))
    if (config.role !== 'worker') {
      await app.register(gateway, {
        prefix: '/v1',
        services: books.services,
        ledger: books.ledger,
        bodyBytesMax: config.bodyBytesMax,
      })
      await registerDashboard(app, {
        database,
        books,
        secrets,
        catalogue: catalogueOf(book),
        signIn,
        adminKey: config.adminKey,
        publicUrl: config.publicUrl,
        version: options.version,
        demoLogin: demo?.login,
        jobs: openedJobs.jobs,
      })
      await app.register(dashboardFiles, await files)
    }
    await openedJobs.start()
    // A worker has no page to open, and a new link of its own would void the one that a person was given.
    const token = config.role === 'worker' ? undefined : await ensureSetupToken(database.prisma)
    // Last of all: who is told that it is ready must not end over what could still go wrong.
    const port = await listen(app, config)
    const url = `http://${config.host === '0.0.0.0' || config.host === '127.0.0.1' ? 'localhost' : config.host}:${port}`
    demo?.startTraffic(`http://127.0.0.1:${port}`)
    return {
      url,
      port,
      dataDirectory,
      setupLink: token === undefined ? undefined : `${config.publicUrl ?? url}/setup?token=${token}`,
      demo,
      stop: () => unwind(undo),
    }
  } catch (error) {
    await unwind(undo)
    throw error
  }
}

/** A job that is cut short is done again at its next time. */
const jobStopMs = 10_000

/** The demo has a directory of its own, and nothing of the operator's file: no real credential comes near it. */
function demoConfig(config: ServiceConfig): ServiceConfig {
  const dataDirectory = join(config.storage.dataDirectory, 'demo')
  return { ...config, storage: { mode: 'embedded', dataDirectory }, privateUpstreams: true }
}

/** Postgres away is no obstacle: requests go on for as long as the journal has room. */
async function obstacles(books: Books, stopping: boolean): Promise<string[]> {
  const found: string[] = []
  if (stopping) found.push('stopping')
  const journal = books.journal.state()
  if (journal.bytes >= journal.bytesMax) found.push('the journal is full')
  if (journal.fault !== undefined) found.push(`the journal cannot be written: ${journal.fault}`)
  if (books.store?.state() === 'away') found.push('the counters in Redis cannot be reached')
  if (books.store?.state() === 'cold') found.push('the counters in Redis are being rebuilt')
  return found
}

async function unwind(undo: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
    await step().catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) throw failures[0]
}
