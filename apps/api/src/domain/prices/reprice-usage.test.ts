import fc from 'fast-check'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { usageRecord } from '../../../test/support/usage-records.ts'
import { PostgresLedger } from '../../infra/ledger/postgres-ledger.ts'
import type { CounterCorrection } from '../../ports/books.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'
import { splitCost } from '../completion/split-cost.ts'
import type { GrantUnit } from '../snapshot/snapshot.ts'
import { priceToJson } from './price-json.ts'
import type { Price } from './price.ts'
import { repriceUsage } from './reprice-usage.ts'

const teamId = '00000000-0000-7000-8000-0000000000a1'
const accountId = '00000000-0000-7000-8000-0000000000d1'
const offeringIds = ['00000000-0000-7000-8000-0000000000c1', '00000000-0000-7000-8000-0000000000c2'] as const
const hourMs = 3_600_000
const startMs = Date.parse('2026-11-02T00:00:00+08:00')

/** So many nanos a token. */
const flat = (input: bigint, output: bigint, more: Partial<Price> = {}): Price => ({
  tiers: [{ inputNanosPerMillion: input * 1_000_000n, outputNanosPerMillion: output * 1_000_000n }],
  ...more,
})

describe('repriceUsage', () => {
  let database: TestDatabase
  let ledger: PostgresLedger
  let corrections: CounterCorrection[]
  beforeAll(async () => {
    database = await testDatabase()
    ledger = new PostgresLedger(database.pool)
    await database.prisma.team.create({
      data: {
        id: teamId,
        name: 'red',
        models: ['*'],
        quotas: { create: { id: uuidv7(), scope: 'team', metric: 'cost', window: 'total', limit: 0n } },
      },
    })
    await database.prisma.account.create({
      data: {
        id: accountId,
        name: 'tongyi-main',
        provider: 'tongyi',
        protocol: 'tongyi-compatible',
        baseUrl: 'http://127.0.0.1:9',
        credentials: Buffer.alloc(0),
        options: {},
        offerings: {
          create: offeringIds.map((id, index) => ({
            id,
            name: `model-${index}`,
            upstreamModel: 'qwen-plus',
            kind: 'chat',
          })),
        },
      },
    })
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    corrections = []
    await database.pool.query(
      'truncate usage_record, usage_rollup, usage_adjustment, price_version, "grant" cascade',
    )
  })

  const reprice = (versionIds: readonly string[], more: { requestsMax?: number; fromMs?: number } = {}) =>
    repriceUsage(
      {
        db: database.prisma,
        books: {
          correct: async (write) => {
            corrections.push(...(await write()))
          },
        },
        clock: { now: () => startMs + 7 * hourMs },
        timeZone: 'Asia/Shanghai',
      },
      { versionIds, fromMs: 0, actor: 'test', reason: 'the page said so', requestsMax: 100_000, ...more },
    )

  /** What counters of this kind were told to add. */
  const addedTo = (kind: 'quota' | 'grant') =>
    corrections.reduce(
      (total, { change }) => (change.counterId.startsWith(kind) ? total + change.amount : total),
      0n,
    )

  const addVersion = async (price: Price, effectiveFromMs: number, offeringId?: string, currency = 'CNY') => {
    const id = uuidv7()
    await database.prisma.priceVersion.create({
      data: {
        id,
        provider: 'tongyi',
        model: 'qwen-plus',
        ...(offeringId === undefined ? {} : { offeringId }),
        currency,
        price: priceToJson(price),
        effectiveFrom: new Date(effectiveFromMs),
        origin: 'api',
      },
    })
    return id
  }

  const addGrant = async (unit: GrantUnit) => {
    const id = uuidv7()
    await database.prisma.grant.create({
      data: {
        id,
        accountId,
        name: unit,
        models: ['*'],
        unit,
        validFrom: new Date(startMs),
        whenEmpty: 'provider-bills',
      },
    })
    return id
  }

  /** Sums of the rollup, and of the records with their adjustments. */
  const sums = async () => {
    const { rows } = await database.pool.query<Record<string, string>>(`
      select 'rollup' as from, coalesce(sum(requests), 0)::text as requests, coalesce(sum(list_cost), 0)::text as list, coalesce(sum(billed_cost), 0)::text as billed,
        coalesce(sum(grant_amount), 0)::text as granted, coalesce(sum(unpriced_requests), 0)::text as unpriced from usage_rollup
      union all
      select 'books', (select count(*) from usage_record)::text,
        ((select coalesce(sum(list_cost), 0) from usage_record) + coalesce(sum(list_cost), 0))::text,
        ((select coalesce(sum(billed_cost), 0) from usage_record) + coalesce(sum(billed_cost), 0))::text,
        ((select coalesce(sum(grant_amount), 0) from usage_record) + coalesce(sum(grant_amount), 0))::text,
        ((select count(*) from usage_record where list_cost is null) - coalesce(sum(priced), 0))::text
      from usage_adjustment`)
    const [rollup, books] = rows.map(({ from: _, ...row }) => row)
    expect(rollup).toEqual(books)
    return rollup
  }

  const base = (startedAtMs: number, more: Partial<UsageRecord> = {}) =>
    usageRecord({ startedAtMs, inputTokens: 100, outputTokens: 50, totalTokens: 150, ...more })

  it('corrects what began under the corrected price, and nothing before or after it', async () => {
    const old = await addVersion(flat(1n, 2n), 0)
    const next = await addVersion(flat(5n, 5n), startMs + 3 * hourMs)
    const priced = { priceVersionId: old, listCostNanos: 200n, billedCostNanos: 200n }
    const records = [
      base(startMs + hourMs - 1, priced),
      base(startMs + hourMs, priced),
      base(startMs + 3 * hourMs - 1, priced),
      base(startMs + 3 * hourMs, { priceVersionId: next, listCostNanos: 750n, billedCostNanos: 750n }),
    ]
    await ledger.write(records)
    // 100 x 2 + 50 x 4 = 400 from the first hour on, as it should have been
    const corrected = await addVersion(flat(2n, 4n), startMs + hourMs)
    expect(await reprice([corrected])).toEqual({
      requests: 2,
      listCostNanos: 400n,
      billedCostNanos: 400n,
      complete: true,
    })
    expect(await sums()).toMatchObject({ list: '1750', billed: '1750' })
    expect(addedTo('quota')).toBe(400n)
    const rows = await database.prisma.usageAdjustment.findMany({ orderBy: { startedAt: 'asc' } })
    expect(rows[0]).toMatchObject({
      requestId: records[1]?.requestId,
      kind: 're-pricing',
      actor: 'test',
      reason: 'the page said so',
      priceVersionId: corrected,
      priceTier: 0,
      listCost: 200n,
      priced: 0,
    })
    // The records themselves are as they were.
    expect(await database.prisma.usageRecord.aggregate({ _sum: { listCost: true } })).toEqual({
      _sum: { listCost: 1350n },
    })
  })

  it('changes nothing when it is done again, or by two at the same time', async () => {
    const old = await addVersion(flat(1n, 2n), 0)
    const many = Array.from({ length: 1_200 }, (_, index) =>
      base(startMs + index * 1_000, { priceVersionId: old, listCostNanos: 200n, billedCostNanos: 200n }),
    )
    await ledger.write(many)
    const corrected = await addVersion(flat(2n, 4n), startMs)
    const outcomes = await Promise.all([reprice([corrected]), reprice([corrected]), reprice([corrected])])
    expect(outcomes.reduce((total, { requests }) => total + requests, 0)).toBe(1_200)
    expect(addedTo('quota')).toBe(240_000n)
    expect(await sums()).toMatchObject({ requests: '1200', list: '480000' })
    expect(await reprice([corrected])).toMatchObject({ requests: 0, complete: true })
  })

  it('goes on where it stopped', async () => {
    const old = await addVersion(flat(1n, 2n), 0)
    await ledger.write(
      Array.from({ length: 700 }, (_, index) =>
        base(startMs + index, { priceVersionId: old, listCostNanos: 200n, billedCostNanos: 200n }),
      ),
    )
    const corrected = await addVersion(flat(1n, 1n), startMs)
    expect(await reprice([corrected], { requestsMax: 10 })).toMatchObject({ requests: 500, complete: false })
    expect(await reprice([corrected], { requestsMax: 500 })).toMatchObject({ requests: 200, complete: true })
    expect(await sums()).toMatchObject({ list: '105000' })
  })

  it('gives an unpriced request its price, takes a price away, and comes out even when it is put back', async () => {
    const grantId = await addGrant('money')
    const old = await addVersion(flat(1n, 2n), 0)
    const paid = { priceVersionId: old, listCostNanos: 200n, grantId }
    await ledger.write([
      base(startMs, { priceVersionId: undefined, listCostNanos: undefined, billedCostNanos: 0n }),
      // Paid by money given for free: wholly, and as far as it went.
      base(startMs + 1, { ...paid, billedCostNanos: 0n, grantAmount: 200n }),
      base(startMs + 2, { ...paid, billedCostNanos: 170n, grantAmount: 30n }),
    ])
    const steps = [
      [flat(2n, 4n), { list: '1200', billed: '770', granted: '430', unpriced: '0' }],
      [{ tiers: [{}] }, { list: '0', billed: '0', granted: '0', unpriced: '3' }],
      [flat(0n, 0n), { list: '0', billed: '0', granted: '0', unpriced: '0' }],
      [flat(1n, 2n), { list: '600', billed: '370', granted: '230', unpriced: '0' }],
    ] as const satisfies readonly (readonly [Price, object])[]
    for (const [price, expected] of steps) {
      await reprice([await addVersion(price, startMs)])
      expect(await sums()).toMatchObject(expected)
    }
    expect(addedTo('grant')).toBe(0n)
  })

  it('leaves alone an offering with a price of its own, another currency, and a price that went with its offering', async () => {
    const old = await addVersion(flat(1n, 2n), 0)
    const own = await addVersion(flat(9n, 9n), startMs, offeringIds[1])
    await ledger.write([
      base(startMs, {
        priceVersionId: own,
        offeringId: offeringIds[1],
        listCostNanos: 1_350n,
        billedCostNanos: 1_350n,
      }),
      base(startMs, { priceVersionId: old, currency: 'USD', listCostNanos: 30n, billedCostNanos: 30n }),
      base(startMs, {
        priceVersionId: uuidv7(),
        offeringId: uuidv7(),
        listCostNanos: 7n,
        billedCostNanos: 7n,
      }),
      base(startMs, { priceVersionId: old, upstreamModel: 'qwen-max' }),
    ])
    expect(await reprice([await addVersion(flat(2n, 4n), startMs)])).toMatchObject({ requests: 0 })
    // Its own price, corrected, touches it alone.
    const before = await sums()
    expect(await reprice([await addVersion(flat(10n, 10n), startMs, offeringIds[1])])).toMatchObject({
      requests: 1,
      listCostNanos: 150n,
    })
    expect(BigInt((await sums())?.['list'] ?? 0)).toBe(BigInt(before?.['list'] ?? 0) + 150n)
  })

  it('keeps the sums of the books equal to every request at its last price, whatever is corrected when', async () => {
    const units: readonly (GrantUnit | undefined)[] = [
      undefined,
      'tokens',
      'input-tokens',
      'requests',
      'money',
    ]
    const grants = new Map<GrantUnit, string>()
    for (const unit of units) if (unit !== undefined) grants.set(unit, await addGrant(unit))
    const first = flat(1n, 2n)
    const firstId = await addVersion(first, 0)

    interface Booked {
      readonly record: UsageRecord
      readonly unit: GrantUnit | undefined
      readonly held: bigint
    }
    const booked: Booked[] = []
    interface Version {
      readonly id: string
      readonly price: Price
      readonly fromMs: number
      readonly offeringId: string | undefined
    }
    const versions: Version[] = [{ id: firstId, price: first, fromMs: 0, offeringId: undefined }]
    const entry = (id: string, price: Price) => ({ versionId: id, price, currency: 'CNY' })
    /** In the order of writing: the last of the latest wins. */
    const inForce = (record: UsageRecord): Version => {
      const matching = versions.filter(
        (version) =>
          version.fromMs <= record.startedAtMs &&
          (version.offeringId === undefined || version.offeringId === record.offeringId),
      )
      const own = matching.filter(({ offeringId }) => offeringId !== undefined)
      const among = own.length > 0 ? own : matching
      return among.reduce((best, version) => (version.fromMs >= best.fromMs ? version : best))
    }

    const tokens = fc.nat(300)
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('book' as const),
          atMs: fc.nat(6 * hourMs),
          offering: fc.nat(1),
          unit: fc.constantFrom(...units),
          /** How much of what it takes the grant could bear, in percent. */
          bears: fc.constantFrom(0, 40, 100),
          inputTokens: tokens,
          cachedInputTokens: fc.option(tokens, { nil: undefined }),
          outputTokens: tokens,
          reasoningTokens: fc.option(tokens, { nil: undefined }),
          thinking: fc.option(fc.boolean(), { nil: undefined }),
          /** Served from a snapshot of before all corrections, and booked after them. */
          late: fc.boolean(),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('correct' as const),
          fromMs: fc.nat(6 * hourMs),
          own: fc.boolean(),
          input: fc.bigInt(0n, 5_000_000n),
          output: fc.bigInt(0n, 9_000_000n),
          thinkingOutput: fc.option(fc.bigInt(0n, 20_000_000n), { nil: undefined }),
          /** Longer requests cost twice as much. */
          tierAt: fc.option(fc.integer({ min: 50, max: 250 }), { nil: undefined }),
          fee: fc.option(fc.bigInt(1n, 50n), { nil: undefined }),
        }),
      },
    )
    const [steps] = fc.sample(fc.array(step, { minLength: 90, maxLength: 120 }), {
      numRuns: 1,
      seed: 20261123,
    })
    for (const next of steps ?? []) {
      if (next.kind === 'book') {
        const { inputTokens, cachedInputTokens, outputTokens, reasoningTokens, thinking, unit } = next
        const totalTokens = inputTokens + (cachedInputTokens ?? 0) + outputTokens + (reasoningTokens ?? 0)
        const draft = base(startMs + next.atMs, {
          offeringId: offeringIds[next.offering] ?? offeringIds[0],
          inputTokens,
          cachedInputTokens,
          outputTokens,
          reasoningTokens,
          totalTokens,
          thinking,
          grantId: unit === undefined ? undefined : grants.get(unit),
        })
        const version = next.late && versions[0] !== undefined ? versions[0] : inForce(draft)
        const whole = wholeOf(draft, version, unit)
        const held = (whole * BigInt(next.bears)) / 100n
        const split = costOf(draft, version, unit, next.bears === 100 ? wholly : held)
        const record = {
          ...draft,
          priceVersionId: version.id,
          priceTier: split.tier,
          listCostNanos: split.listCostNanos,
          billedCostNanos: split.billedCostNanos,
          grantAmount: split.grantAmount,
        }
        await ledger.write([record])
        // A grant of money that paid for all of it counts as one that could have paid more.
        const all = unit === 'money' ? split.billedCostNanos === 0n : next.bears === 100
        booked.push({ record, unit, held: all ? wholly : (split.grantAmount ?? 0n) })
        if (next.late) await reprice(versions.map(({ id }) => id))
      } else {
        const offeringId = next.own ? offeringIds[1] : undefined
        const price = priceOf(next)
        const id = await addVersion(price, startMs + next.fromMs, offeringId)
        versions.push({ id, price, fromMs: startMs + next.fromMs, offeringId })
        await reprice([id])
      }
      const seen = await sums()
      if (seen === undefined || booked.length === 0) continue
      const wanted = { list: 0n, billed: 0n, granted: 0n }
      for (const { record, unit, held } of booked) {
        const cost = costOf(record, inForce(record), unit, held)
        wanted.list += cost.listCostNanos ?? 0n
        wanted.billed += cost.billedCostNanos
        wanted.granted += cost.grantAmount ?? 0n
      }
      expect(seen).toMatchObject({
        list: wanted.list.toString(),
        billed: wanted.billed.toString(),
        granted: wanted.granted.toString(),
      })
      // What the counters were told of, settled and corrected, is what the books say.
      const settled = booked.reduce((total, { record }) => total + record.billedCostNanos, 0n)
      const granted = booked.reduce((total, { record }) => total + (record.grantAmount ?? 0n), 0n)
      expect(settled + addedTo('quota')).toBe(wanted.billed)
      expect(granted + addedTo('grant')).toBe(wanted.granted)
    }
    expect(await database.prisma.usageAdjustment.count()).toBeGreaterThan(50)

    function costOf(record: UsageRecord, version: Version, unit: GrantUnit | undefined, amount: bigint) {
      return splitCost(
        {
          usage: {
            inputTokens: record.inputTokens ?? 0,
            ...(record.cachedInputTokens === undefined
              ? {}
              : { cachedInputTokens: record.cachedInputTokens }),
            outputTokens: record.outputTokens ?? 0,
            ...(record.reasoningTokens === undefined ? {} : { reasoningTokens: record.reasoningTokens }),
          },
          totalTokens: record.totalTokens,
          thinking: record.thinking,
          source: 'provider',
        },
        entry(version.id, version.price),
        unit === undefined ? undefined : { grant: { unit, whenEmpty: 'provider-bills' }, amount },
        record.startedAtMs,
      )
    }

    /** What a grant would have to bear. */
    function wholeOf(record: UsageRecord, version: Version, unit: GrantUnit | undefined): bigint {
      return unit === undefined ? 0n : (costOf(record, version, unit, wholly).grantAmount ?? 0n)
    }
  })
})

const wholly = 2n ** 60n

function priceOf(given: {
  readonly input: bigint
  readonly output: bigint
  readonly thinkingOutput: bigint | undefined
  readonly tierAt: number | undefined
  readonly fee: bigint | undefined
}): Price {
  const rates = {
    inputNanosPerMillion: given.input,
    outputNanosPerMillion: given.output,
    ...(given.thinkingOutput === undefined ? {} : { thinkingOutputNanosPerMillion: given.thinkingOutput }),
  }
  const dear = {
    ...rates,
    inputNanosPerMillion: given.input * 2n,
    outputNanosPerMillion: given.output * 2n,
  }
  return {
    tiers:
      given.tierAt === undefined
        ? [rates]
        : [
            { ...rates, inputUpTo: given.tierAt },
            { ...dear, inputOver: given.tierAt },
          ],
    ...(given.fee === undefined ? {} : { perRequestNanos: given.fee }),
  }
}
