import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { adapters } from '@tollgate/adapters'
import type { Protocol } from '@tollgate/adapters/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { garbageProvider, type Garbage, type GarbageProvider } from '../support/garbage-provider.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'
import { upstreamModels } from '../support/upstream-models.ts'

/**
 * Whatever bytes a provider answers, on every protocol: the gateway lives, each request ends, and has one record and no
 * hold left. The parsers by themselves are fuzzed in packages/adapters.
 */
const seed = Number(process.env['TOLLGATE_TEST_SEED'] ?? Date.now() % 1_000_000)
const requestsEach = Number(process.env['TOLLGATE_FUZZ_REQUESTS'] ?? 40)
const fixtures = join(import.meta.dirname, '../../../../packages/adapters/fixtures')

let app: TestGateway
let provider: GarbageProvider
let queue: Garbage[] = []

beforeAll(async () => {
  provider = await garbageProvider(() => queue.pop() ?? nothing)
  app = await startTestGateway({ limits: { firstByteMs: 400, idleMs: 300 } })
})

afterAll(async () => {
  await app.close()
  await provider.close()
})

const nothing: Garbage = {
  status: 200,
  contentType: undefined,
  parts: [],
  ending: 'end',
  refusesHandshake: false,
}

describe.each(Object.keys(adapters) as Protocol[])('%s', (protocol) => {
  it(`takes whatever comes, and books it once (seed ${seed})`, async () => {
    // One account a request: what failed a moment ago would be passed over.
    const names = Array.from({ length: requestsEach }, (_, index) => `${protocol}-${index}`)
    const upstream = upstreamModels[protocol].plain
    const place = protocol === 'ark' ? { controlUrl: provider.url } : {}
    await app.addAccounts(
      names.map((name) => ({
        protocol,
        name,
        baseUrl: provider.url,
        options: place,
        models: [{ name, upstream }],
      })),
    )
    const team = await app.addTeam({ quotas: [{ metric: 'tokens', window: 'total', limit: 100_000_000n }] })
    queue = fc.sample(garbageOf(protocol), { numRuns: requestsEach, seed })
    const statuses = await Promise.all(names.map((name, index) => ask(team.secret, name, index % 3 !== 0)))
    expect(statuses.every((status) => status >= 200 && status < 600)).toBe(true)
    await until(() => app.books.live.live().inFlight === 0)
    await app.books.live.drain()
    const records = await app.database.prisma.usageRecord.findMany({ where: { teamId: team.teamId } })
    expect(records).toHaveLength(requestsEach)
    expect(app.books.services.counters.open().reservations).toBe(0)
    const settled = records.reduce((sum, { totalTokens }) => sum + BigInt(totalTokens), 0n)
    const usage = await fetch(`${app.url}/v1/usage`, { headers: { authorization: `Bearer ${team.secret}` } })
    expect(await usage.json()).toMatchObject({ quotas: [{ settled: Number(settled), held: 0 }] })
  })
})

async function ask(secret: string, model: string, stream: boolean): Promise<number> {
  const response = await fetch(`${app.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }], max_tokens: 50, stream }),
  })
  const text = await response.text()
  if (response.ok && stream) {
    // Whole events to the end, and an end that says which one it is.
    for (const event of text.split('\n\n').slice(0, -1)) {
      const data = event.replace(/^data: /, '')
      if (data !== '[DONE]') JSON.parse(data)
    }
    expect(text).toMatch(/(data: \[DONE\]|data: \{"error":.*\})\n\n$/)
  } else JSON.parse(text)
  return response.status
}

/** Bodies of the platform's samples, whole, cut, broken in a few bytes or joined, and bytes that mean nothing at all. */
function garbageOf(protocol: Protocol): fc.Arbitrary<Garbage> {
  const folder = join(fixtures, adapters[protocol].provider)
  const samples = readdirSync(folder)
    .filter((name) => !name.endsWith('.md'))
    .map((name) => readFileSync(join(folder, name)))
  const sample = fc.constantFrom(...samples)
  const broken = fc
    .tuple(sample, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }))
    .map(([bytes, changes]) => {
      const copy = Buffer.from(bytes)
      for (const [at, byte] of changes) copy[at % Math.max(1, copy.length)] = byte
      return copy
    })
  const cut = fc.tuple(sample, fc.double({ min: 0, max: 1, noNaN: true })).map(([bytes, share]) => {
    return bytes.subarray(0, Math.floor(bytes.length * share))
  })
  const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))
  const json = fc.json({ maxDepth: 3 }).map((text) => Buffer.from(`data: ${text}\n\n`))
  const part = fc.oneof({ weight: 4, arbitrary: sample }, broken, cut, noise, json)
  return fc.record({
    status: fc.oneof(
      { weight: 6, arbitrary: fc.constant(200) },
      fc.constantFrom(400, 401, 403, 404, 429, 500, 502, 503),
    ),
    contentType: fc.constantFrom('text/event-stream', 'application/json', 'text/html', undefined),
    parts: fc
      .tuple(fc.array(part, { maxLength: 3 }), fc.integer({ min: 1, max: 50 }))
      .map(([bodies, pieces]) => chop(Buffer.concat(bodies), pieces)),
    ending: fc.constantFrom('end', 'end', 'end', 'tear', 'stall'),
    refusesHandshake: fc.boolean(),
  })
}

/** In so many pieces, cut anywhere, in the middle of a character too. */
function chop(bytes: Buffer, pieces: number): Buffer[] {
  const size = Math.max(1, Math.ceil(bytes.length / pieces))
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size))
  return parts
}
