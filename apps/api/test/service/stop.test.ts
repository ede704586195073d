import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator, type Simulator } from '@tollgate/simulator'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServiceProcess } from '../support/service.ts'

let simulator: Simulator
let dataDirectory: string

beforeAll(async () => {
  simulator = await startSimulator()
  dataDirectory = await mkdtemp(join(tmpdir(), 'tollgate-stop-'))
})

afterAll(async () => {
  await simulator.close()
  await rm(dataDirectory, { recursive: true, force: true })
})

describe('SIGTERM', () => {
  it('lets running streams end, takes no new requests, and leaves nothing in the journal', async () => {
    const service = await startServiceProcess({ dataDirectory })
    const endpoint = simulator.endpoints['tongyi-compatible']
    await service.api('POST', '/api/accounts', {
      name: 'tongyi-main',
      provider: 'tongyi',
      baseUrl: endpoint?.baseUrl,
      credentials: endpoint?.credentials,
    })
    await service.api('POST', '/api/teams', { name: 'team', models: ['*'] })
    const { secret } = await service.api<{ secret: string }>('POST', '/api/teams/team/keys', { name: 'key' })
    const client = new OpenAI({ apiKey: secret, baseURL: `${service.url}/v1`, maxRetries: 0 })
    const request = {
      model: 'qwen-turbo',
      messages: [{ role: 'user' as const, content: '[[sim tokens=60 gap=30]]' }],
      max_tokens: 100,
    }
    const stream = await client.chat.completions.create({ ...request, stream: true })
    const ended = service.kill('SIGTERM')
    let finish: string | null | undefined
    for await (const chunk of stream) finish = chunk.choices[0]?.finish_reason ?? finish
    expect(finish).toBe('stop')
    await expect(client.chat.completions.create(request)).rejects.toThrow(/Connection error|503/)
    expect(await ended).toBe(0)
    expect(simulator.bill().totals.requests).toBe(1)
    expect(
      (await readdir(join(dataDirectory, 'journal'))).filter((name) => name.endsWith('.journal')),
    ).toEqual([])
  })
})
