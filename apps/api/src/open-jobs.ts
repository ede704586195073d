import type { Books } from './books.ts'
import type { OpenDatabase } from './database.ts'
import { recordRuns } from './domain/jobs/run-job.ts'
import { recurringJobs, type JobVerbs } from './domain/jobs/recurring-jobs.ts'
import { expireGrants } from './domain/grants/expire-grants.ts'
import { repriceDue } from './domain/prices/reprice-due.ts'
import { sweepReservations } from './domain/ledger/sweep-reservations.ts'
import { keepPartitions } from './domain/retention/keep-partitions.ts'
import { verifyBooks } from './domain/verify/verify-books.ts'
import type { ServiceConfig } from './infra/config/environment.ts'
import { BullJobs } from './infra/jobs/bull-jobs.ts'
import { PgBossJobs } from './infra/jobs/pg-boss-jobs.ts'
import { PostgresUsagePartitions } from './infra/migrations/postgres-usage-partitions.ts'
import { systemClock } from './ports/clock.ts'
import type { Jobs } from './ports/jobs.ts'
import type { Logger } from './ports/logger.ts'

export interface OpenJobsOptions {
  readonly config: ServiceConfig
  readonly database: OpenDatabase
  readonly books: Books
  readonly log: Logger
}

/** Which queue carries the jobs, and what each of them does. They run once `start` is called. */
export function openJobs(options: OpenJobsOptions): { readonly jobs: Jobs; start(): Promise<void> } {
  const { config, database, books, log } = options
  const runs = config.role !== 'api'
  const { timeZone } = books.keeper.current()
  const jobs =
    config.storage.mode === 'distributed'
      ? new BullJobs({ redisUrl: config.storage.redisUrl, timeZone, runs, log })
      : new PgBossJobs({ pool: database.pool, timeZone, runs, log })
  const recorded = recordRuns(
    { db: database.prisma, clock: systemClock, log },
    recurringJobs(jobVerbs(options)),
  )
  return { jobs, start: () => jobs.start(recorded) }
}

function jobVerbs({ config, database, books }: OpenJobsOptions): JobVerbs {
  return {
    sweepReservations: (signal) =>
      sweepReservations(
        {
          clock: systemClock,
          counters: books.upkeep,
          ledger: books.ledger,
          replicas: books.replicas,
          snapshot: () => books.keeper.current(),
        },
        signal,
      ),
    repriceUsage: (signal) =>
      repriceDue(
        {
          db: database.prisma,
          books: books.live,
          clock: systemClock,
          timeZone: books.keeper.current().timeZone,
        },
        signal,
      ),
    keepPartitions: () =>
      keepPartitions(
        { clock: systemClock, partitions: new PostgresUsagePartitions(database.pool) },
        { retentionMonths: config.retentionMonths },
      ),
    verifyBooks: (signal) =>
      verifyBooks(
        {
          db: database.prisma,
          books: books.live,
          clock: systemClock,
          ledger: books.ledger,
          snapshot: () => books.keeper.current(),
        },
        signal,
      ),
    expireGrants: () =>
      expireGrants(database.prisma, {
        atMs: systemClock.now(),
        timeZone: books.keeper.current().timeZone,
      }),
  }
}
