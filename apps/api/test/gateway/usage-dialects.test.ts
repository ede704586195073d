import { adapters } from '@tollgate/adapters'
import type { Protocol } from '@tollgate/adapters/contract'
import type { FaultSetting, LoggedRequest } from '@tollgate/simulator'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/infra/demo/seeded-random.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'
import { baseUrlOf, upstreamModels } from '../support/upstream-models.ts'
import { usageDialects, type Detail } from '../support/usage-dialects.ts'

/**
 * Every way in which a platform may tell what was used, or not tell it, on every protocol: which buckets are booked,
 * whose figures they are (`provider` or `estimated`), and that there is one record, whatever happens.
 */
let app: TestGateway
const seed = Number(process.env['TOLLGATE_TEST_SEED'] ?? Date.now() % 1_000_000)

beforeAll(async () => {
  app = await startTestGateway()
})

afterEach(() => app.simulator.clearFaults())

afterAll(async () => {
  await app.close()
})

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}

describe.each(Object.keys(adapters) as Protocol[])('%s', (protocol) => {
  const dialect = usageDialects[protocol]
  const upstreams = upstreamModels[protocol]
  const known = (stream: boolean) => (stream && dialect.detailsInStreams) || dialect.details
  let embeddingModel: string | undefined
  let secret: string
  let teamId: string
  let asked = 0

  beforeAll(async () => {
    for (const [role, upstream] of Object.entries(upstreams)) {
      await app.addAccount({
        protocol,
        name: `${protocol}-${role}`,
        baseUrl: baseUrlOf(app.simulator, protocol, upstream),
        models: [{ name: `${protocol}-${role}`, upstream }],
      })
    }
    const endpoint = app.simulator.endpoints[protocol]
    embeddingModel = endpoint?.embeddingModels[0]
    if (embeddingModel !== undefined && dialect.embeddings !== 'none') {
      await app.addAccount({
        protocol,
        name: `${protocol}-embedding`,
        options: endpoint?.embeddingUrl === undefined ? {} : { embeddingUrl: endpoint.embeddingUrl },
        models: [{ name: `${protocol}-embedding`, upstream: embeddingModel, kind: 'embedding' }],
      })
    }
    const team = await app.addTeam({ quotas: [{ metric: 'tokens', window: 'total', limit: 100_000_000n }] })
    secret = team.secret
    teamId = team.teamId
  })

  describe.each([false, true])('stream: %s', (stream) => {
    it('a plain answer: the provider’s figures, and nothing that it did not say', async () => {
      const { record, billed } = await ask({ stream })
      expectProviders(record, billed)
      expectKnown(record, known(stream))
    })

    it('a tool call: the provider’s figures', async () => {
      const { record, billed, text } = await ask({ stream, role: 'tools', tools: [weather] })
      expect(text).toContain('get_weather')
      expectProviders(record, billed)
    })

    // Where no model thinks there is nothing to tell.
    const itThinks = dialect.reasoning === 'none' ? undefined : it
    itThinks?.(`reasoning: ${dialect.reasoning} of the output`, async () => {
      const { record, billed, text } = await ask({ stream, role: 'reasoning', directive: 'reasoning=9' })
      expect(text).toContain('reasoning_content')
      expectProviders(record, billed)
      if (dialect.reasoning === 'apart') expect(record.reasoningTokens).toBe(9)
      else {
        expect(record.reasoningTokens).toBeNull()
        expect(record.outputTokens).toBe(9 + tokens)
      }
    })

    it(`cached input: ${dialect.cached ? 'in a bucket of its own' : 'not told, so unknown'}`, async () => {
      const { record, billed } = await ask({ stream, directive: 'cached=7' })
      expectProviders(record, billed)
      expect(record.cachedInputTokens).toBe(dialect.cached ? 7 : null)
    })

    it.each([
      ['missing', { noUsage: true }],
      ['null', { usage: 'null' as const }],
    ])('usage %s: estimated, never 0', async (_how, fault) => {
      const { record, text } = await ask({ stream, fault })
      expect(record).toMatchObject({ status: 'ok', usageSource: 'estimated' })
      expectEstimate(record)
      expectKnown(record, [])
      // The client reads what is booked.
      if (!stream) expect(JSON.parse(text)).toMatchObject({ usage: { total_tokens: record.totalTokens } })
    })
  })

  const itEmbeds = dialect.embeddings === 'none' ? undefined : it
  itEmbeds?.(`embeddings: ${dialect.embeddings}, in as many exchanges as they take, one record`, async () => {
    const client = app.client(secret)
    const input = Array.from({ length: 30 }, (_, index) => `文本 number ${index}`)
    const answer = await client.embeddings.create({ model: `${protocol}-embedding`, input, user: 'embeds' })
    expect(answer.data.map(({ index }) => index)).toEqual(input.map((_, index) => index))
    await app.books.live.drain()
    const [record, second] = await app.database.prisma.usageRecord.findMany({
      where: { teamId, endUser: 'embeds' },
    })
    expect(second).toBeUndefined()
    const exchanges = app.simulator
      .requests()
      .filter((one) => one.protocol === protocol && embeddingModel === one.model)
    const billedTokens = exchanges.reduce((sum, one) => sum + (one.billed?.totalTokens ?? 0), 0)
    if (dialect.embeddings === 'told') {
      expect(record).toMatchObject({ usageSource: 'provider', totalTokens: billedTokens })
      expect(answer.usage).toMatchObject({ prompt_tokens: billedTokens, total_tokens: billedTokens })
    } else {
      expect(record).toMatchObject({ usageSource: 'estimated', inputTokens: record?.inputBoundTokens })
      expect(record?.totalTokens).toBeGreaterThanOrEqual(billedTokens)
      expect(answer.usage).toEqual({ prompt_tokens: record?.totalTokens, total_tokens: record?.totalTokens })
    }
  })

  it('usage in every chunk: the last figures, not their sum', async () => {
    const { record, billed } = await ask({ stream: true, fault: { usage: 'every' } })
    expectProviders(record, billed)
  })

  it('an error in mid-stream: what was told before it, or an estimate', async () => {
    const { record, billed, text } = await ask({ stream: true, fault: { errorAfterChunks: brokenAfter } })
    expect(text).toMatch(/data: \{"error":/)
    expect(text).not.toContain('[DONE]')
    expectBroken(record, billed)
  })

  it('a close without an end: what was told before it, or an estimate', async () => {
    const { record, billed, text } = await ask({ stream: true, fault: { cutAfterChunks: brokenAfter } })
    expect(text).toMatch(/data: \{"error":/)
    expectBroken(record, billed)
  })

  it(`an abort at any byte: one record each, and nothing stays held (seed ${seed})`, async () => {
    const random = seededRandom(seed)
    const directive = 'tokens=24 gap=2'
    const { text } = await ask({ stream: true, directive })
    const cuts = Array.from({ length: 20 }, () => random.between(1, text.length - 1))
    const aborted = await Promise.all(
      cuts.map((bytes) => ask({ stream: true, directive, abortAfterBytes: bytes })),
    )
    for (const { record, billed } of aborted) {
      const where = `seed ${seed}: ${record.status} ${JSON.stringify(sumsOf(record))}`
      // The last bytes may be on their way when the client lets go: then the answer was whole.
      expect(['cancelled', 'ok'], where).toContain(record.status)
      if (record.status === 'ok') expectProviders(record, billed)
      else if (record.usageSource === 'estimated') expectEstimate(record)
      else {
        // Running figures: what was seen of them. The provider may have gone on for a moment.
        expect(dialect.inStreams === 'running' || record.outputTokens === billed.outputTokens, where).toBe(
          true,
        )
        expect(record.inputTokens, where).toBe(billed.inputTokens)
        expect(record.outputTokens ?? 0, where).toBeLessThanOrEqual(billed.outputTokens)
      }
    }
    // Where the machine is slow all of these may have been whole: one that never ends cannot be.
    const { record } = await ask({
      stream: true,
      fault: { stallAfterChunks: brokenAfter },
      abortAfterBytes: 1,
    })
    expect(record.status).toBe('cancelled')
    expect(app.books.services.counters.open().reservations).toBe(0)
  })

  function expectBroken(record: Booked, billed: Billed): void {
    expect(record.status).toBe('error')
    if (dialect.inStreams === 'final') {
      expect(record.usageSource).toBe('estimated')
      expectEstimate(record)
    } else {
      expect(record.usageSource).toBe('provider')
      expect(sumsOf(record)).toEqual(sumsOf(billed))
    }
  }

  interface Ask {
    readonly stream: boolean
    readonly role?: string
    readonly directive?: string
    readonly tools?: readonly unknown[]
    readonly fault?: FaultSetting['fault']
    readonly abortAfterBytes?: number
  }

  /** One request through the gateway; what the ledger and the provider's bill have of it. */
  async function ask(one: Ask): Promise<{ record: Booked; billed: Billed; text: string }> {
    asked += 1
    const tag = `${protocol}-${asked}`
    if (one.fault !== undefined)
      app.simulator.addFault({ match: { contains: `tag=${tag} ` }, fault: one.fault })
    const text = await send(one, tag)
    const findRecord = async () => {
      await app.books.live.drain()
      return app.database.prisma.usageRecord.findMany({ where: { teamId, endUser: tag } })
    }
    await until(async () => (await findRecord()).length > 0)
    const rows = await findRecord()
    expect(rows).toHaveLength(1)
    const [record] = rows
    const log = () => app.simulator.requests().find((request: LoggedRequest) => request.tag === tag)
    await until(() => log()?.billed !== undefined)
    const billed = log()?.billed
    if (record === undefined || billed === undefined) throw new Error('nothing was booked')
    return { record, billed, text }
  }

  async function send(one: Ask, tag: string): Promise<string> {
    const abort = new AbortController()
    // Some models think unless asked not to.
    const directive = `[[sim tag=${tag} tokens=${tokens} ${one.directive ?? 'reasoning=0'}]]`
    let text = ''
    try {
      const response = await fetch(`${app.url}/v1/chat/completions`, {
        method: 'POST',
        signal: abort.signal,
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          model: `${protocol}-${one.role ?? 'plain'}`,
          messages: [{ role: 'user', content: `你好 there. ${directive}` }],
          max_tokens: 200,
          stream: one.stream,
          user: tag,
          ...(one.tools === undefined ? {} : { tools: one.tools }),
        }),
      })
      for await (const part of response.body ?? []) {
        text += Buffer.from(part).toString('latin1')
        if (text.length >= (one.abortAfterBytes ?? Infinity)) abort.abort()
      }
    } catch (error) {
      if (!abort.signal.aborted) throw error
    }
    return text
  }
})

/** Tokens of an answer, unless a case says otherwise. */
const tokens = 12
/** Chunks of the provider's after which a stream breaks: in the middle of the text on every protocol. */
const brokenAfter = 6

interface Booked {
  readonly status: string
  readonly usageSource: string
  readonly inputTokens: number | null
  readonly cachedInputTokens: number | null
  readonly outputTokens: number | null
  readonly reasoningTokens: number | null
  readonly totalTokens: number
  readonly inputBoundTokens: number | null
}

type Billed = NonNullable<LoggedRequest['billed']>

function expectProviders(record: Booked, billed: Billed): void {
  expect(record).toMatchObject({ status: 'ok', usageSource: 'provider' })
  expect(sumsOf(record)).toEqual(sumsOf(billed))
}

/** The bucket is unknown or told, as the platform does it: `0` and "not said" are two things. */
function expectKnown(record: Booked, known: readonly Detail[]): void {
  for (const detail of ['cachedInputTokens', 'reasoningTokens'] as const) {
    if (known.includes(detail)) expect(record[detail], detail).toBe(0)
    else expect(record[detail], detail).toBeNull()
  }
}

/** The whole input as it was bounded, and at least a token for what was seen. */
function expectEstimate(record: Booked): void {
  expect(record.inputTokens).toBe(record.inputBoundTokens)
  expect(record.totalTokens).toBe((record.inputTokens ?? 0) + (record.outputTokens ?? 0))
  expect(record.totalTokens).toBeGreaterThan(0)
}

function sumsOf(amounts: {
  readonly inputTokens: number | null
  readonly cachedInputTokens: number | null
  readonly outputTokens: number | null
  readonly reasoningTokens: number | null
  readonly totalTokens: number
}) {
  const { inputTokens, cachedInputTokens, outputTokens, reasoningTokens, totalTokens } = amounts
  return {
    inputTokens,
    cachedInputTokens: cachedInputTokens ?? 0,
    outputTokens,
    reasoningTokens: reasoningTokens ?? 0,
    totalTokens,
  }
}
