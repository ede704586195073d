import { startSimulator, type Simulator } from '@tollgate/simulator'
import type { Agent } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callService } from '../support/service.ts'
import { until } from '../support/until.ts'
import { distributed, embedded, startDeployment, type Deployment } from './support/deployment.ts'
import { readQuotasAt, readRecords, type QuotaRow } from './support/read-books.ts'
import { newClients, send, type Seen } from './support/send.ts'
import { makeAccounts, makeTeam, type QuotaInput, type Sender } from './support/world.ts'

/** A change is made at the first process and must hold at the last one. */
describe.each([embedded, distributed(2)])('exact: a change through one process, $name,', (mode) => {
  let simulator: Simulator
  let deployment: Deployment
  let clients: Agent
  let first: string
  let last: string

  beforeAll(async () => {
    simulator = await startSimulator()
    deployment = await startDeployment(mode)
    clients = newClients()
    first = deployment.urls[0] ?? ''
    last = deployment.urls.at(-1) ?? ''
    await makeAccounts(deployment, simulator)
  }, 120_000)

  afterAll(async () => {
    await clients.destroy()
    await deployment.stop()
    await simulator.close()
  }, 60_000)

  let asked = 0
  function ask(url: string, sender: Sender, directives = 'tokens=5'): Promise<Seen> {
    asked += 1
    return send(clients, url, sender, {
      tag: `c${asked}`,
      endpoint: 'chat/completions',
      stream: false,
      body: JSON.stringify({
        model: 'compatible',
        messages: [{ role: 'user', content: `[[sim ${directives}]]` }],
        max_tokens: 200,
        user: `c${asked}`,
      }),
      hangUpAfterMs: undefined,
      hangUpAfterChunks: undefined,
    })
  }

  async function newTeam(name: string, quotas: readonly QuotaInput[]): Promise<Sender> {
    const [sender] = await makeTeam(deployment, { name, quotas, keys: [{ name: 'key' }] })
    if (sender === undefined) throw new Error('a team without keys')
    await until(async () => (await usage(last, sender)) !== undefined)
    return sender
  }

  /** What a key is told of its quotas; `undefined`: it is no key here. */
  async function usage(url: string, { secret }: Sender) {
    const response = await fetch(`${url}/v1/usage`, { headers: { authorization: `Bearer ${secret}` } })
    if (!response.ok) return undefined
    return ((await response.json()) as { quotas: { metric: string; limit: number; settled: number }[] })
      .quotas
  }

  async function quotaOf(team: string, metric: string): Promise<QuotaRow> {
    const found = (await readQuotasAt(last, team)).find((quota) => quota.metric === metric)
    if (found === undefined) throw new Error(`${team} has no quota of ${metric}`)
    return found
  }

  /** Milliseconds from the answer of `change` until the other process goes by it. */
  async function reach(change: () => Promise<unknown>, holds: () => Promise<boolean>): Promise<number> {
    await change()
    const changed = performance.now()
    await until(holds, 5_000)
    return performance.now() - changed
  }

  it('of a limit holds at every other within a second, in both directions, and forgets nothing', async () => {
    const sender = await newTeam('limits', [{ metric: 'requests', window: 'total', limit: 100 }])
    for (let count = 0; count < 5; count += 1) expect((await ask(last, sender)).status).toBe(200)
    const { id } = await quotaOf('limits', 'requests')
    const set = (limit: number) =>
      reach(
        () => callService(first, 'PATCH', `/api/quotas/${id}`, { limit }),
        async () => (await usage(last, sender))?.[0]?.limit === limit,
      )

    expect(await set(6)).toBeLessThan(1_000)
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask(last, sender)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ code }) => code === 'insufficient_quota')).toHaveLength(3)
    expect(await quotaOf('limits', 'requests')).toMatchObject({ limit: 6n, settled: 6n, held: 0n })

    expect(await set(8)).toBeLessThan(1_000)
    const more = await Promise.all([1, 2, 3, 4].map(() => ask(last, sender)))
    expect(more.filter(({ status }) => status === 200)).toHaveLength(2)
    // Below what is used up already: nothing goes through, and nothing of it is forgotten.
    expect(await set(3)).toBeLessThan(1_000)
    expect((await ask(last, sender)).status).toBe(429)
    expect(await quotaOf('limits', 'requests')).toMatchObject({ limit: 3n, settled: 8n, held: 0n })
  })

  it('of the window or the scope counts what was used before, and what runs meanwhile', async () => {
    const sender = await newTeam('windows', [{ metric: 'requests', window: 'hour', limit: 100 }])
    for (let count = 0; count < 3; count += 1) expect((await ask(last, sender)).status).toBe(200)
    const running = ask(last, sender, 'tokens=40 gap=40')
    await until(() => simulator.requests().some(({ closedAt }) => closedAt === undefined))

    const old = await quotaOf('windows', 'requests')
    const keys = await callService<{ data: { id: string }[] }>(first, 'GET', '/api/keys?team=windows')
    const took = await reach(
      async () => {
        const path = '/api/teams/windows/quotas'
        await callService(first, 'POST', path, { metric: 'requests', window: 'total', limit: 5 })
        await callService(first, 'POST', path, {
          metric: 'tokens',
          window: 'day',
          limit: 100_000,
          key: keys.data[0]?.id,
        })
        await callService(first, 'DELETE', `/api/quotas/${old.id}`)
      },
      async () =>
        (await usage(last, sender))
          ?.map(({ metric }) => metric)
          .toSorted()
          .join() === 'requests,tokens',
    )
    expect(took).toBeLessThan(1_000)
    expect((await running).status).toBe(200)
    // Four are used up, the running one included: one is left.
    expect((await ask(last, sender)).status).toBe(200)
    expect((await ask(last, sender)).code).toBe('insufficient_quota')
    await until(async () => (await recordsOf('windows')).length === 5)
    const tokens = (await recordsOf('windows')).reduce((sum, row) => sum + BigInt(row.totalTokens), 0n)
    expect(await quotaOf('windows', 'requests')).toMatchObject({ settled: 5n, held: 0n, window: 'total' })
    expect(await quotaOf('windows', 'tokens')).toMatchObject({ settled: tokens, held: 0n, keyName: 'key' })
  })

  it('of keys opens and shuts every other within a second', async () => {
    await newTeam('keys', [{ metric: 'requests', window: 'total', limit: 100 }])
    let made: { key: { id: string }; secret: string } | undefined
    const opened = await reach(
      async () => {
        made = await callService(first, 'POST', '/api/teams/keys/keys', { name: 'new' })
      },
      async () => (await usage(last, { team: 'keys', secret: made?.secret ?? '' })) !== undefined,
    )
    expect(opened).toBeLessThan(1_000)
    const shut = await reach(
      () => callService(first, 'DELETE', `/api/keys/${made?.key.id}`),
      async () => (await usage(last, { team: 'keys', secret: made?.secret ?? '' })) === undefined,
    )
    expect(shut).toBeLessThan(1_000)
  })

  async function recordsOf(team: string) {
    return (await readRecords(deployment)).filter((row) => row.team === team)
  }
})
