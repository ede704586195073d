import { createServer } from 'node:http'
import { Redis } from 'ioredis'
import type { TestProject } from 'vitest/node'
import { dockerAnswers, startContainer } from './docker.ts'
import { redisImage, startRedisServer } from './redis-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** `POST /` answers with the address of an empty database, `DELETE /<number>` empties it and takes it back. */
    testRedisBroker: string
  }
}

/**
 * One Redis for a whole run of vitest, started when the first suite asks for it: the one that `TEST_REDIS_URL` names,
 * else Docker's, else the program of this machine, else, as root on Debian, what apt can install. It listens on a free
 * port, keeps nothing, and ends with the run.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<SharedServer> | undefined
  const broker = createServer((asked, response) => {
    starting ??= startSharedServer()
    starting
      .then((server) =>
        asked.method === 'DELETE' ? server.giveBack(Number(asked.url?.slice(1))) : server.take(),
      )
      .then(
        (text) => response.end(text),
        (error: unknown) =>
          response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
      )
  })
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve))
  const address = broker.address()
  if (typeof address !== 'object' || address === null) throw new Error('the broker has no port')
  project.provide('testRedisBroker', `http://127.0.0.1:${address.port}`)
  return async () => {
    broker.closeAllConnections()
    broker.close()
    await (await starting?.catch(() => undefined))?.stop()
  }
}

interface SharedServer {
  take(): Promise<string>
  giveBack(database: number): Promise<string>
  stop(): Promise<void>
}

async function startSharedServer(): Promise<SharedServer> {
  const { url, stop } = await provide()
  const client = new Redis(url, { maxRetriesPerRequest: 1, lazyConnect: true })
  // Each command says itself when it fails.
  client.on('error', () => {})
  await client.connect()
  const count = await countDatabases(client)
  const taken = new Set<number>()
  let last = 0
  let turn: Promise<unknown> = Promise.resolve()
  /** `SELECT` belongs to the connection: one after the other. */
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const mine = turn.then(work)
    turn = mine.catch(() => {})
    return mine
  }
  return {
    take: () =>
      inTurn(async () => {
        for (let tried = 0; tried < count; tried += 1) {
          last = (last + 1) % count
          if (taken.has(last)) continue
          await client.select(last)
          // What is in a server that somebody named may be somebody's.
          if ((await client.dbsize()) > 0) continue
          taken.add(last)
          return withDatabase(url, last)
        }
        throw new Error(`none of the ${count} databases of the Redis for tests is empty`)
      }),
    giveBack: (database) =>
      inTurn(async () => {
        if (!taken.has(database)) return 'not taken'
        await client.select(database)
        await client.flushdb()
        taken.delete(database)
        return 'given back'
      }),
    async stop() {
      client.disconnect()
      await stop()
    },
  }
}

async function countDatabases(client: Redis): Promise<number> {
  // Hosted servers may refuse to be asked; 16 is what a server has unless it was told otherwise.
  const answer: unknown = await client.config('GET', 'databases').catch(() => undefined)
  return Array.isArray(answer) && answer.length > 1 ? Number(answer[1]) : 16
}

/** A URL's path is the number of the database. */
function withDatabase(url: string, database: number): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.toString()
}

async function provide(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const given = process.env['TEST_REDIS_URL']
  if (given !== undefined && given !== '') return { url: given, stop: async () => {} }
  if (await dockerAnswers()) {
    try {
      const container = await startContainer({
        image: redisImage,
        port: 6379,
        command: ['redis-server', '--save', '', '--databases', String(databases)],
      })
      return { url: `redis://${container.host}:${container.port}`, stop: () => container.kill('SIGKILL') }
    } catch (error) {
      // No image and no way to fetch one: the next way may do.
      console.warn(`Docker answers, but starts no Redis: ${String(error)}`)
    }
  }
  const server = await startRedisServer({ databases })
  return { url: server.url, stop: () => server.close() }
}

const databases = 512
