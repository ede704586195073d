import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator, type Simulator } from '@tollgate/simulator'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServiceProcess, type ServiceProcess } from '../support/service.ts'
import { until } from '../support/until.ts'

let simulator: Simulator
let dataDirectory: string
let service: ServiceProcess

beforeAll(async () => {
  simulator = await startSimulator()
  dataDirectory = await mkdtemp(join(tmpdir(), 'tollgate-kill-'))
  service = await startServiceProcess({ dataDirectory })
})

afterAll(async () => {
  await service.kill('SIGTERM')
  await simulator.close()
  await rm(dataDirectory, { recursive: true, force: true })
})

const model = 'doubao-1-5-pro-32k-250115'

interface UsageRow {
  readonly id: string
  readonly status: string
  readonly usageSource: string
  readonly totalTokens: number
}

describe('kill -9 of the service', () => {
  it('while 50 streams run leaves one usage record for each request that reached the provider', async () => {
    const endpoint = simulator.endpoints['ark']
    await service.api('POST', '/api/accounts', {
      name: 'ark-main',
      provider: 'ark',
      baseUrl: endpoint?.baseUrl,
      credentials: endpoint?.credentials,
    })
    await service.api('POST', '/api/teams', {
      name: 'storm',
      models: ['*'],
      quotas: [{ metric: 'tokens', window: 'month', limit: 10_000_000 }],
    })
    const { secret } = await service.api<{ secret: string }>('POST', '/api/teams/storm/keys', {
      name: 'storm',
    })

    const running = await runStreams(secret)
    await service.kill('SIGKILL')
    await Promise.all(running)
    // The provider has noticed that its readers are gone, and knows what it bills.
    await until(() => simulator.requests().every((request) => request.closedAt !== undefined))
    expect(simulator.requests()).toHaveLength(60)

    service = await startServiceProcess({ dataDirectory })
    const records = await allRecords()
    expect(records).toHaveLength(60)
    expect(new Set(records.map((record) => record.id)).size).toBe(60)
    const finished = records.filter((record) => record.status === 'ok')
    const interrupted = records.filter((record) => record.status === 'interrupted')
    expect(finished).toHaveLength(10)
    expect(interrupted).toHaveLength(50)
    for (const record of finished) expect(record.usageSource).toBe('provider')
    for (const record of interrupted) {
      expect(record.usageSource).toBe('interrupted')
      expect(record.totalTokens).toBeGreaterThan(0)
    }
    const usage = await service.api<{ totals: { requests: number; interruptedRequests: number } }>(
      'GET',
      '/api/usage?range=all',
    )
    expect(usage.totals).toMatchObject({ requests: 60, interruptedRequests: 50 })

    // The counters were filled from the ledger: what was used before the crash still counts, nothing is held.
    const total = records.reduce((sum, record) => sum + record.totalTokens, 0)
    const quotas = await service.api<{ data: { settled: number; held: number }[] }>(
      'GET',
      '/api/teams/storm/quotas',
    )
    expect(quotas.data[0]).toMatchObject({ settled: total, held: 0 })
  })

  it('again and again adds nothing and loses nothing', async () => {
    const before = await allRecords()
    for (let round = 0; round < 2; round += 1) {
      await service.kill('SIGKILL')
      service = await startServiceProcess({ dataDirectory })
    }
    expect(await allRecords()).toEqual(before)
  })
})

/** Ten requests that end, then fifty streams of which each has shown its first words. */
async function runStreams(secret: string): Promise<Promise<unknown>[]> {
  const client = new OpenAI({ apiKey: secret, baseURL: `${service.url}/v1`, maxRetries: 0 })
  const ask = (content: string) => ({
    model,
    messages: [{ role: 'user' as const, content }],
    max_tokens: 500,
  })
  await Promise.all(Array.from({ length: 10 }, () => client.chat.completions.create(ask('short'))))
  let begun = 0
  const running = Array.from({ length: 50 }, async () => {
    const stream = await client.chat.completions.create({ ...ask('[[sim tokens=400 gap=50]]'), stream: true })
    let first = true
    try {
      for await (const _chunk of stream) {
        if (first) begun += 1
        first = false
      }
    } catch {
      // The end of the service is the end of its streams.
    }
  })
  await until(() => begun === 50)
  return running
}

async function allRecords(): Promise<UsageRow[]> {
  const records: UsageRow[] = []
  let cursor = ''
  for (;;) {
    const page = await service.api<{ data: UsageRow[]; nextCursor: string | null }>(
      'GET',
      `/api/requests?limit=50${cursor === '' ? '' : `&cursor=${cursor}`}`,
    )
    records.push(...page.data)
    if (page.nextCursor === null) return records
    cursor = encodeURIComponent(page.nextCursor)
  }
}
