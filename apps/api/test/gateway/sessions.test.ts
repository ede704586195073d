import { adapters } from '@tollgate/adapters'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'

/** Protocols whose credentials are traded for a session first, through the whole service. */
let app: TestGateway
let secret: string
let teamId: string
const chatModel = 'ernie-speed-8k'
let made = 0

beforeAll(async () => {
  app = await startTestGateway()
  const team = await app.addTeam({ quotas: [{ metric: 'tokens', window: 'total', limit: 100_000_000n }] })
  secret = team.secret
  teamId = team.teamId
})

afterEach(() => app.simulator.clearFaults())

afterAll(async () => {
  await app.close()
})

it('there is a suite for every protocol that has sessions', () => {
  const withSessions = Object.values(adapters).filter((adapter) => adapter.session !== undefined)
  expect(withSessions.map((adapter) => adapter.protocol).sort()).toEqual(['ark', 'qianfan-v1'])
})

describe.each(['qianfan-v1', 'ark'] as const)('%s', (protocol) => {
  it.each([false, true])('opens one session for all who wait for it (stream: %s)', async (stream) => {
    const model = await freshAccount(protocol)
    const before = app.simulator.sessionsOpened(protocol)
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask(model, stream)))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(app.simulator.sessionsOpened(protocol) - before).toBe(1)
    await expectOneRecordEach(answers)
  })

  it.each(['expired', 'invalid'] as const)(
    'opens another when the platform says that it is %s, once for all, and nobody notices',
    async (as) => {
      const model = await freshAccount(protocol)
      await ask(model)
      const before = app.simulator.sessionsOpened(protocol)
      app.simulator.expireSessions({ protocol, as })
      const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => ask(model, index % 2 === 0)))
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
      expect(app.simulator.sessionsOpened(protocol) - before).toBe(1)
      await expectOneRecordEach(answers)
      // Those that were refused with the old session have two attempts, and are billed for one.
      expect(answers.some(({ attempts }) => attempts === '2')).toBe(true)
    },
  )

  it('books nothing while it waits, and lets go of a caller that hangs up', async () => {
    const model = await freshAccount(protocol)
    app.simulator.addFault({ match: { protocol, sessions: true }, fault: { delayMs: 300 } })
    const abort = new AbortController()
    const calls = app.simulator.requests().length
    const call = ask(model, false, abort.signal)
    await until(() => app.books.live.live().inFlight === 1)
    abort.abort()
    await expect(call).rejects.toThrow('abort')
    await until(() => app.books.live.live().inFlight === 0)
    expect(app.books.services.counters.open().reservations).toBe(0)
    expect(app.simulator.requests()).toHaveLength(calls)
  })

  it('goes on to another account when no session can be opened, and says so in the attempts', async () => {
    const spare = `${protocol}-spare`
    await app.addAccount({
      protocol: 'openai',
      name: spare,
      models: [{ name: spare, upstream: 'deepseek-flash' }],
    })
    const account = await freshAccount(protocol)
    await app.addRoute(`${protocol}-route`, 'priority', [`${account}/${account}`, `${spare}/${spare}`])
    app.simulator.addFault({ match: { protocol, sessions: true }, fault: { html502: true } })
    const answer = await ask(`${protocol}-route`)
    expect(answer).toMatchObject({ status: 200, attempts: '2', account: spare })
    await app.books.live.drain()
    const record = await app.database.prisma.usageRecord.findFirst({ where: { requestId: answer.requestId } })
    expect(record?.attempts).toMatchObject([
      { account, outcome: expect.any(String) as string },
      { outcome: 'ok' },
    ])
  })
})

it('a wrong secret is the account’s fault, told to the administrator, and reaches no model', async () => {
  await app.addAccount({
    protocol: 'qianfan-v1',
    name: 'wrong',
    credentials: { apiKey: 'simOther0001', secretKey: 'not-its-secret' },
    models: [{ name: 'wrong-secret', upstream: chatModel }],
  })
  const calls = app.simulator.requests().length
  const answer = await ask('wrong-secret')
  expect(answer).toMatchObject({ status: 502 })
  expect(answer.text).toContain('an administrator must check the account')
  expect(answer.text).not.toContain('not-its-secret')
  expect(app.simulator.requests()).toHaveLength(calls)
  await until(async () => {
    const row = await app.database.prisma.account.findFirst({ where: { name: 'wrong' } })
    return row?.state === 'invalid_credentials'
  })
})

/** An account of its own at the platform, which has opened no session yet; its one model has its name. */
async function freshAccount(protocol: 'qianfan-v1' | 'ark'): Promise<string> {
  made += 1
  const name = `${protocol}-${made}`
  const id = protocol === 'ark' ? `AKLTsim${made}` : `simFresh${made}`
  await app.addAccount({
    protocol,
    name,
    ...(protocol === 'ark'
      ? {
          credentials: { accessKeyId: id, secretAccessKey: `${id}-secret` },
          options: { controlUrl: app.simulator.url },
          models: [{ name, upstream: 'ep-sim-doubao-1-5-pro-32k-250115' }],
        }
      : {
          credentials: { apiKey: id, secretKey: `${id}-secret` },
          models: [{ name, upstream: chatModel }],
        }),
  })
  return name
}

interface Asked {
  readonly status: number
  readonly requestId: string
  readonly attempts: string | null
  readonly account: string | null
  readonly text: string
}

async function ask(model: string, stream = false, signal?: AbortSignal): Promise<Asked> {
  const response = await fetch(`${app.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model,
      messages: [{ role: 'user', content: 'hello [[sim tokens=5]]' }],
      max_tokens: 50,
      stream,
    }),
    ...(signal === undefined ? {} : { signal }),
  })
  return {
    status: response.status,
    requestId: response.headers.get('x-request-id') ?? '',
    attempts: response.headers.get('x-tollgate-attempts'),
    account: response.headers.get('x-tollgate-account'),
    text: await response.text(),
  }
}

async function expectOneRecordEach(answers: readonly Asked[]): Promise<void> {
  await app.books.live.drain()
  const records = await app.database.prisma.usageRecord.findMany({
    where: { teamId, requestId: { in: answers.map(({ requestId }) => requestId) } },
  })
  expect(records).toHaveLength(answers.length)
  for (const record of records)
    expect(record).toMatchObject({ status: 'ok', usageSource: 'provider', outputTokens: 5 })
  expect(app.books.services.counters.open().reservations).toBe(0)
}
