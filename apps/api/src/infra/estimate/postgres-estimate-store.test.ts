import { afterAll, beforeAll, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { Estimator } from '../../domain/estimate/estimator.ts'
import { bucketCount, sizeCount } from '../../domain/estimate/ratio-histogram.ts'
import type { StoredEstimate } from '../../ports/estimate-store.ts'
import { keepEstimates } from './keep-estimates.ts'
import { PostgresEstimateStore, rememberedMax } from './postgres-estimate-store.ts'

let database: TestDatabase
let store: PostgresEstimateStore

beforeAll(async () => {
  database = await testDatabase()
  store = new PostgresEstimateStore(database.pool)
})

afterAll(async () => {
  await database.close()
})

it('adds up what many processes save at the same moment, in whatever order they name the models', async () => {
  const models = Array.from({ length: 12 }, (_, index) => `adds-${index}`)
  await Promise.all(
    Array.from({ length: 20 }, (_, replica) => {
      const order = replica % 2 === 0 ? models : models.toReversed()
      return store.add(
        order.map((model) => changeOf({ model, counts: { 3: 2, 200: 1 }, samples: 3, misses: 1 })),
      )
    }),
  )
  for (const model of models) {
    expect(await find(model)).toEqual(
      changeOf({ model, counts: { 3: 40, 200: 20 }, samples: 60, misses: 20 }),
    )
  }
})

it('forgets half of a size that is full, and leaves the other sizes and the totals alone', async () => {
  const model = 'forgets'
  await store.add([changeOf({ model, counts: { 5: rememberedMax - 1, 200: 7 }, samples: 1, misses: 0 })])
  expect((await find(model))?.counts[5]).toBe(rememberedMax - 1)
  await store.add([changeOf({ model, counts: { 6: 1 }, samples: 1, misses: 0 })])
  // A single one among the full half is forgotten.
  expect(await find(model)).toEqual(
    changeOf({ model, counts: { 5: rememberedMax / 2 - 1, 200: 7 }, samples: 2, misses: 0 }),
  )
})

it('takes the place of counts that another version sorted otherwise', async () => {
  const model = 'older'
  await store.add([{ ...changeOf({ model, counts: {}, samples: 5, misses: 1 }), counts: [1, 2, 3] }])
  await store.add([changeOf({ model, counts: { 9: 1 }, samples: 1, misses: 0 })])
  expect(await find(model)).toEqual(changeOf({ model, counts: { 9: 1 }, samples: 6, misses: 1 }))
})

it('lets a replica and a restarted process know what another one has learned', async () => {
  const log = { info() {}, warn() {}, error() {} }
  const [here, there] = [new Estimator(), new Estimator()]
  const keepers = await Promise.all(
    [here, there].map((estimator) => keepEstimates({ estimator, store, log })),
  )
  here.adopt([changeOf({ model: 'shared', counts: {}, samples: 0, misses: 0 })])
  const before = there.bound('tongyi', 'shared', 1_000, { mayLower: true })
  await store.add([
    changeOf({ model: 'shared', counts: { [bucketCount + 88]: 2_000 }, samples: 2_000, misses: 0 }),
  ])
  await keepers[1]?.save()
  expect(there.bound('tongyi', 'shared', 1_000, { mayLower: true })).toBeLessThan(before * 0.7)
  for (const keeper of keepers) await keeper.stop()
  const restarted = new Estimator()
  const keeper = await keepEstimates({ estimator: restarted, store, log })
  expect(restarted.bound('tongyi', 'shared', 1_000, { mayLower: true })).toBeLessThan(before * 0.7)
  await keeper.stop()
})

it('keeps what it could not save, and serves unlearned bounds while nothing can be loaded', async () => {
  const warnings: string[] = []
  const log = {
    info() {},
    warn: (_fields: object, message: string) => void warnings.push(message),
    error() {},
  }
  const estimator = new Estimator()
  let away = true
  const flaky = {
    load: () => (away ? Promise.reject(new Error('away')) : store.load()),
    add: (changes: readonly StoredEstimate[]) =>
      away ? Promise.reject(new Error('away')) : store.add(changes),
  }
  const keeper = await keepEstimates({ estimator, store: flaky, log })
  expect(estimator.bound('tongyi', 'kept', 1_000, { mayLower: true })).toBe(1_000)
  estimator.adopt([changeOf({ model: 'kept', counts: {}, samples: 0, misses: 0 })])
  estimator.giveBack([changeOf({ model: 'kept', counts: { 3: 1 }, samples: 1, misses: 0 })])
  await keeper.save()
  expect(warnings).toHaveLength(2)
  expect(await find('kept')).toBeUndefined()
  away = false
  await keeper.stop()
  expect(await find('kept')).toEqual(changeOf({ model: 'kept', counts: { 3: 1 }, samples: 1, misses: 0 }))
})

async function find(model: string): Promise<StoredEstimate | undefined> {
  return (await store.load()).find((stored) => stored.model === model)
}

function changeOf(
  change: Pick<StoredEstimate, 'model' | 'samples' | 'misses'> & { counts: Readonly<Record<number, number>> },
): StoredEstimate {
  const counts = Array.from({ length: sizeCount * bucketCount }, (_, at) => change.counts[at] ?? 0)
  return { ...change, provider: 'tongyi', side: 'input', counts }
}
