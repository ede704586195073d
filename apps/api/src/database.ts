import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from './generated/prisma/client.ts'
import type { StorageConfig } from './infra/config/environment.ts'
import { migrate } from './infra/migrate.ts'
import { ensureUsagePartitions } from './infra/migrations/ensure-usage-partitions.ts'
import { startEmbeddedPostgres } from './infra/postgres/embedded-postgres.ts'
import { lockDirectory } from './infra/postgres/lock-directory.ts'
import type { Logger } from './ports/logger.ts'

export interface OpenDatabase {
  readonly url: string
  readonly pool: pg.Pool
  readonly prisma: PrismaClient
  close(): Promise<void>
}

const partitionMonthsAhead = 3
const partitionCheckMs = 6 * 3_600_000

/** The database of either mode, migrated and with room for the months to come. The data directory is ours alone. */
export async function openDatabase(storage: StorageConfig, log: Logger): Promise<OpenDatabase> {
  const server = await openServer(storage, log)
  try {
    await migrate({ databaseUrl: server.url, log })
    const pool = new pg.Pool({ connectionString: server.url, max: 10, application_name: 'tollgate' })
    // A connection that breaks while it idles is replaced at the next query; without a listener it would end the process.
    // Its message alone: the error carries the whole connection.
    pool.on('error', ({ message }) => log.warn({ error: message }, 'a database connection was lost'))
    // One that breaks while somebody has it rejects what runs on it, but tells its listeners too: the pool is none then.
    pool.on('connect', (client) => client.on('error', () => {}))
    await ensureUsagePartitions(pool, lastMonth(), partitionMonthsAhead + 1)
    const partitions = setInterval(() => {
      ensureUsagePartitions(pool, new Date(), partitionMonthsAhead).catch((error: unknown) =>
        log.error({ err: error }, 'partitions of the coming months could not be made'),
      )
    }, partitionCheckMs).unref()
    const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
    return {
      url: server.url,
      pool,
      prisma,
      async close() {
        clearInterval(partitions)
        await prisma.$disconnect()
        await pool.end()
        await server.close()
      },
    }
  } catch (error) {
    await server.close()
    throw error
  }
}

async function openServer(
  storage: StorageConfig,
  log: Logger,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  switch (storage.mode) {
    case 'embedded': {
      const server = await startEmbeddedPostgres({ dataDirectory: storage.dataDirectory, log })
      return { url: server.url, close: () => server.stop() }
    }
    case 'external':
    case 'distributed': {
      // The journal lies in the data directory, also when the database is elsewhere.
      const lock = await lockDirectory(storage.dataDirectory)
      return { url: storage.databaseUrl, close: () => lock.release() }
    }
  }
}

function lastMonth(): Date {
  const now = new Date()
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1))
}
