import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator, type Simulator } from '@tollgate/simulator'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../support/postgres.ts'
import { testRedis, type TestRedis } from '../support/redis.ts'
import { failToStart, startServiceProcess, type ServiceProcess } from '../support/service.ts'
import { until } from '../support/until.ts'

let simulator: Simulator
let directory: string
let database: TestDatabase
let redis: TestRedis

const model = 'doubao-1-5-pro-32k-250115'

beforeAll(async () => {
  ;[simulator, directory, database, redis] = await Promise.all([
    startSimulator(),
    mkdtemp(join(tmpdir(), 'tollgate-one-')),
    testDatabase(),
    testRedis(),
  ])
})

afterAll(async () => {
  await simulator.close()
  await Promise.all([database.close(), redis.close()])
  await rm(directory, { recursive: true, force: true })
})

const masterKey = 'a master key of the tests, 32 characters'
/** The embedded mode is in `bad-start.test.ts`. */
const modes = [
  { mode: 'external', env: () => ({ DATABASE_URL: database.url }) },
  {
    mode: 'distributed',
    env: () => ({ DATABASE_URL: database.url, REDIS_URL: redis.url, TOLLGATE_MASTER_KEY: masterKey }),
  },
]

describe.each(modes)('two services on one data directory ($mode)', ({ mode, env }) => {
  it('the second ends and names the first, which does not notice', async () => {
    const dataDirectory = join(directory, mode)
    const first = await startServiceProcess({ dataDirectory, env: env() })
    const journal = async () => (await readdir(join(dataDirectory, 'journal'))).toSorted()
    const before = await journal()
    const { code, output } = await failToStart({ dataDirectory, env: env() })
    expect(code).toBe(1)
    expect(output).toContain(`${dataDirectory} is in use by another Tollgate (process ${first.child.pid} on `)
    expect(output).toContain('TOLLGATE_DATA_DIR')
    expect(output).not.toContain('    at ')
    expect(await journal()).toEqual(before)
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200)

    await first.kill('SIGKILL')
  })
})

describe('LEDGER_DURABILITY=database', () => {
  it('ends no answer before its commit; one that a crash cut there is booked once, as it was', async () => {
    const dataDirectory = join(directory, 'durable')
    const env = { DATABASE_URL: database.url, LEDGER_DURABILITY: 'database' }
    let service = await startServiceProcess({ dataDirectory, env })
    const secret = await prepare(service)
    const ask = () =>
      new OpenAI({ apiKey: secret, baseURL: `${service.url}/v1`, maxRetries: 0 }).chat.completions.create({
        model,
        messages: [{ role: 'user', content: 'hi' }],
        max_tokens: 30,
      })
    await ask()
    const records = async () =>
      (
        await database.pool.query<{ status: string; usage_source: string; total_tokens: number }>(
          'select status, usage_source, total_tokens from usage_record order by started_at',
        )
      ).rows
    // Without any waiting: the answer had its end, so the record is there.
    expect(await records()).toHaveLength(1)

    const writers = await database.pool.connect()
    await writers.query('begin')
    await writers.query('lock table usage_record in share mode')
    let ended: 'answer' | 'broken' | undefined
    const answer = ask().then(
      () => (ended = 'answer'),
      () => (ended = 'broken'),
    )
    await until(async () => (await settledLines(dataDirectory)) === 1)
    expect(ended).toBeUndefined()
    await service.kill('SIGKILL')
    await answer
    expect(ended).toBe('broken')
    await writers.query('rollback')
    writers.release()
    expect(await records()).toHaveLength(1)

    // On the same directory: the lock of a killed process is nobody's.
    service = await startServiceProcess({ dataDirectory, env })
    const booked = await records()
    expect(booked).toEqual([booked[0], { ...booked[0], status: 'ok', usage_source: 'provider' }])
    expect(booked.reduce((sum, record) => sum + record.total_tokens, 0)).toBe(
      simulator.bill().totals.totalTokens,
    )
    await service.kill('SIGTERM')
  })
})

/** An account at the simulator and a team; returns the secret of its key. */
async function prepare(service: ServiceProcess): Promise<string> {
  const endpoint = simulator.endpoints['ark']
  await service.api('POST', '/api/accounts', {
    name: 'ark-main',
    provider: 'ark',
    baseUrl: endpoint?.baseUrl,
    credentials: endpoint?.credentials,
  })
  await service.api('POST', '/api/teams', { name: 'red', models: ['*'] })
  const key = await service.api<{ secret: string }>('POST', '/api/teams/red/keys', { name: 'test' })
  return key.secret
}

/** In the journal and not yet in Postgres. */
async function settledLines(dataDirectory: string): Promise<number> {
  const journal = join(dataDirectory, 'journal')
  const files = (await readdir(journal)).filter((name) => name.endsWith('.journal'))
  const texts = await Promise.all(files.map((name) => readFile(join(journal, name), 'utf8')))
  // The first request is drained; its lines lie in the same file until that is full.
  return (
    texts
      .join('')
      .split('\n')
      .filter((line) => line.slice(8, 14) === ' done ').length - 1
  )
}
