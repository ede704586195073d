import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { priceToJson } from '../../src/domain/prices/price-json.ts'
import type { Price } from '../../src/domain/prices/price.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'

const hourMs = 3_600_000
const model = 'qwen-plus'
const rates = { inputNanosPerMillion: 1_000_000_000n, outputNanosPerMillion: 2_000_000_000n }

let app: TestGateway
let aheadMs = 0
let secret: string

beforeAll(async () => {
  app = await startTestGateway({ clock: { now: () => Date.now() + aheadMs } })
  await app.addAccount({ protocol: 'tongyi-compatible', models: [{ name: model }] })
  secret = (await app.addTeam({ quotas: [{ metric: 'cost', window: 'total', limit: 10_000_000_000n }] }))
    .secret
})
afterAll(async () => {
  await app.close()
})

const setPrice = async (price: Price, effectiveFromMs: number): Promise<string> => {
  const { prisma } = app.database
  const offering = await prisma.offering.findFirstOrThrow({ where: { name: model } })
  const id = uuidv7()
  await prisma.priceVersion.create({
    data: {
      id,
      provider: 'tongyi',
      model,
      offeringId: offering.id,
      price: priceToJson(price),
      effectiveFrom: new Date(effectiveFromMs),
      origin: 'api',
    },
  })
  await app.books.keeper.refresh()
  return id
}

const ask = async (fields: Readonly<Record<string, unknown>>, directives: string) => {
  const { response } = await app
    .client(secret)
    .chat.completions.create({
      model,
      max_tokens: 200,
      messages: [{ role: 'user', content: `一句话 [[sim ${directives}]]` }],
      ...fields,
    })
    .withResponse()
  await app.books.live.drain()
  const record = await app.books.ledger.find(response.headers.get('x-request-id') ?? '')
  if (record === undefined) throw new Error('the request was not booked')
  return record
}

describe('the price of a request', () => {
  it('is the one of thinking where thinking was switched on, although no reasoning is reported', async () => {
    await setPrice(
      { tiers: [{ ...rates, thinkingOutputNanosPerMillion: 8_000_000_000n }] },
      Date.now() - hourMs,
    )
    const plain = await ask({}, 'tokens=20')
    const off = await ask({ enable_thinking: false }, 'tokens=20')
    const on = await ask({ enable_thinking: true, stream: false }, 'tokens=20 reasoning=0')
    expect([plain.thinking, off.thinking, on.thinking]).toEqual([undefined, false, true])
    expect([plain, off, on].map((record) => record.reasoningTokens ?? 0)).toEqual([0, 0, 0])
    const costs = [plain, off, on].map((record) => {
      const input = BigInt(record.inputTokens ?? 0) * 1_000n
      return [
        record.listCostNanos,
        input + BigInt(record.outputTokens ?? 0) * (record === on ? 8_000n : 2_000n),
      ]
    })
    for (const [booked, worked] of costs) expect(booked).toBe(worked)
  })

  it('is the one announced for its moment, in a process that was told before and not again', async () => {
    const before = await setPrice({ tiers: [rates] }, Date.now() - hourMs)
    const fromMs = Date.now() + 2 * hourMs
    const after = await setPrice(
      { tiers: [{ inputNanosPerMillion: 5_000_000_000n, outputNanosPerMillion: 7_000_000_000n }] },
      fromMs,
    )
    const early = await ask({}, 'tokens=20')
    aheadMs = fromMs - Date.now()
    const late = await ask({}, 'tokens=20')
    expect([early.priceVersionId, late.priceVersionId]).toEqual([before, after])
    expect(late.listCostNanos).toBe(
      BigInt(late.inputTokens ?? 0) * 5_000n + BigInt(late.outputTokens ?? 0) * 7_000n,
    )
    // It was held by the announced price as well: the worst case of input and output at the dearer rates.
    expect(late.reservedCostNanos).toBeGreaterThan(200n * 7_000n)
    // By the clock of the database that moment is still to come: the snapshot in use was built before it.
    const [offering] = app.books.keeper.current().routes.get(model)?.offerings ?? []
    expect(offering?.price?.versionId).toBe(before)
  })
})
