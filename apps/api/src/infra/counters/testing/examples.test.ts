import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CountersUnavailable, type CounterRef, type Hold } from '../../../ports/counters.ts'
import { modes, type RunningMode, type TestedCounters, type World } from './modes.ts'

const group = 'team:a'
const account = 'account:x'
const atMs = Date.parse('2026-11-23T15:59:50Z')
const dayEndMs = Date.parse('2026-11-23T16:00:00Z')

const today = fixed('day', dayEndMs - 86_400_000, dayEndMs)
const tomorrow = fixed('day', dayEndMs, dayEndMs + 86_400_000)
const minute: CounterRef = { counterId: 'minute', group, window: { kind: 'sliding', lengthMs: 60_000 } }
const parallel: CounterRef = { counterId: 'parallel', group, window: { kind: 'held' } }
const total = fixed('total', 0, undefined)
const grant: CounterRef = { ...fixed('grant', 0, undefined), group: account }
const refs = [today, minute, parallel, total, grant]

describe.each(modes)('counters $name', ({ start }) => {
  let mode: RunningMode
  let world: World
  let counters: TestedCounters
  beforeAll(async () => {
    mode = await start()
  })
  afterAll(() => mode.stop())

  /** Filled with nothing. */
  async function fresh(): Promise<void> {
    world = await mode.world(() => atMs)
    const [first] = world.processes
    if (first === undefined) throw new Error('a world without processes')
    counters = first
    await world.outside?.stores[0]?.begin(1)
    for (const ref of refs) await counters.seed({ ref, parts: [] })
    await world.outside?.stores[0]?.publish(1)
  }

  function reserve(reservationId: string, holds: readonly Hold[], at = atMs) {
    return counters.reserve({
      reservationId,
      group: holds[0]?.group ?? group,
      holds,
      atMs: at,
      expiresAtMs: at + 60_000,
    })
  }

  const settle = (reservationId: string, amounts: Readonly<Record<string, bigint>>, at = atMs) =>
    counters.settle({ reservationId, amounts: new Map(Object.entries(amounts)), extra: [], atMs: at })

  const each = (name: string, test: () => Promise<void>) =>
    it(name, async () => {
      await fresh()
      try {
        await test()
      } finally {
        await world.close()
      }
    })

  each('take all holds or none, and say of each that refused what it has', async () => {
    await reserve('before', [hold(today, 40n, 100n)])
    const outcome = await reserve('a', [
      hold(today, 50n, 100n),
      hold(minute, 61n, 60n),
      hold(total, 11n, 10n),
    ])
    expect(outcome).toEqual({
      granted: false,
      refused: [
        { counterId: 'minute', needed: 61n, limit: 60n, settled: 0n, held: 0n, freesAtMs: undefined },
        { counterId: 'total', needed: 11n, limit: 10n, settled: 0n, held: 0n, freesAtMs: undefined },
      ],
    })
    expect(await counters.read(refs, atMs)).toEqual([
      { settled: 0n, held: 40n },
      ...Array.from({ length: 4 }, () => ({ settled: 0n, held: 0n })),
    ])
    expect(counters.open()).toEqual({ reservations: 1 })
  })

  each('never pass a soft limit unsaid, and never refuse for it', async () => {
    const soft = { ...hold(total, 60n, 100n), hard: false }
    expect(await reserve('a', [soft])).toEqual({ granted: true, passed: [] })
    expect(await reserve('b', [soft])).toEqual({ granted: true, passed: ['total'] })
    expect(await counters.read([total], atMs)).toEqual([{ settled: 0n, held: 120n }])
  })

  each('settle in the window in which the reservation was made', async () => {
    await reserve('a', [hold(today, 5n, 9n)])
    await reserve('b', [hold(tomorrow, 3n, 9n)], dayEndMs + 1_000)
    expect(await settle('a', { day: 4n }, dayEndMs + 2_000)).toBe(true)
    expect(await counters.read([today, tomorrow], dayEndMs + 2_000)).toEqual([
      { settled: 4n, held: 0n },
      { settled: 0n, held: 3n },
    ])
  })

  each('correct yesterday without touching today', async () => {
    await reserve('a', [hold(today, 5n, 9n)])
    await settle('a', { day: 5n })
    await reserve('b', [hold(tomorrow, 3n, 9n)], dayEndMs)
    await settle('b', { day: 3n }, dayEndMs)
    await counters.adjust([{ ...today, amount: -7n }], dayEndMs)
    expect(await counters.read([today, tomorrow], dayEndMs)).toEqual([
      { settled: -2n, held: 0n },
      { settled: 3n, held: 0n },
    ])
  })

  each('let no correction downward come back when a sliding window moves on', async () => {
    await reserve('a', [hold(minute, 6n, 10n)], 5_000)
    await settle('a', { minute: 6n }, 5_000)
    await reserve('b', [hold(minute, 4n, 10n)], 20_000)
    await settle('b', { minute: 4n }, 20_000)
    await counters.adjust([{ ...minute, amount: -7n }], 30_000)
    expect(await counters.read([minute], 30_000)).toEqual([{ settled: 3n, held: 0n }])
    await counters.adjust([{ ...minute, amount: -7n }], 30_000)
    expect(await counters.read([minute], 30_000)).toEqual([{ settled: 0n, held: 0n }])
    expect((await reserve('c', [hold(minute, 10n, 10n)], 30_000)).granted).toBe(true)
    expect(await counters.read([minute], 200_000)).toEqual([{ settled: 0n, held: 10n }])
  })

  each('take a correction downward from what it corrects, not from what came after', async () => {
    await reserve('a', [hold(minute, 6n, 10n)], 5_000)
    await settle('a', { minute: 6n }, 5_000)
    await reserve('b', [hold(minute, 4n, 10n)], 20_000)
    await settle('b', { minute: 4n }, 20_000)
    await counters.adjust([{ ...minute, amount: -5n }], 5_000)
    expect(await counters.read([minute], 30_000)).toEqual([{ settled: 5n, held: 0n }])
    // What it corrects has left the window, and the correction with it.
    expect(await counters.read([minute], 70_000)).toEqual([{ settled: 4n, held: 0n }])
  })

  each('say when a sliding window has room again, and keep the word', async () => {
    await reserve('a', [hold(minute, 10n, 10n)], 5_000)
    await settle('a', { minute: 10n }, 5_100)
    const refused = await reserve('b', [hold(minute, 10n, 10n)], 6_000)
    expect(refused).toMatchObject({ granted: false, refused: [{ freesAtMs: 66_000 }] })
    expect((await reserve('c', [hold(minute, 10n, 10n)], 65_999)).granted).toBe(false)
    expect((await reserve('d', [hold(minute, 10n, 10n)], 66_000)).granted).toBe(true)
  })

  each('are exact to the last digit at amounts that no double holds', async () => {
    const limit = 9_000_000_000_000_000_000n
    expect((await reserve('a', [hold(total, limit - 1n, limit)])).granted).toBe(true)
    expect((await reserve('b', [hold(total, 2n, limit)])).granted).toBe(false)
    expect((await reserve('b', [hold(total, 1n, limit)])).granted).toBe(true)
    expect(await counters.read([total], atMs)).toEqual([{ settled: 0n, held: limit }])
    await settle('a', { total: limit - 2n })
    await settle('b', { total: 1n })
    expect(await counters.read([total], atMs)).toEqual([{ settled: limit - 1n, held: 0n }])
    expect(await reserve('c', [hold(total, 2n, limit)])).toMatchObject({
      granted: false,
      refused: [{ needed: 2n, limit, settled: limit - 1n, held: 0n }],
    })
    expect((await reserve('c', [hold(total, 1n, limit)])).granted).toBe(true)
  })

  each('go on being exact where a soft counter grows out of 64 bits, and comes back', async () => {
    const amount = 9_000_000_000_000_000_001n
    const soft = { ...hold(total, amount, 1n), hard: false }
    await reserve('a', [soft])
    await reserve('b', [soft])
    expect(await counters.read([total], atMs)).toEqual([{ settled: 0n, held: 2n * amount }])
    await settle('a', { total: amount })
    await settle('b', { total: amount })
    await counters.adjust([{ ...total, amount: -amount }], atMs)
    expect(await counters.read([total], atMs)).toEqual([{ settled: amount, held: 0n }])
    await counters.adjust([{ ...total, amount: -amount - 1n }], atMs)
    expect(await counters.read([total], atMs)).toEqual([{ settled: -1n, held: 0n }])
  })

  each('admit nothing on a counter that nobody has filled', async () => {
    const unfilled = { ...today, counterId: 'new' }
    await expect(reserve('a', [hold(today, 1n, 9n), hold(unfilled, 1n, 9n)])).rejects.toThrow(
      CountersUnavailable,
    )
    expect(await counters.unknown([today, unfilled, parallel, grant])).toEqual([unfilled])
    await counters.seed({ ref: unfilled, parts: [{ atMs, amount: 4n }] })
    await world.outside?.stores[0]?.adopt()
    expect((await reserve('b', [hold(unfilled, 6n, 9n)])).granted).toBe(false)
    expect((await reserve('b', [hold(unfilled, 5n, 9n)])).granted).toBe(true)
    // Known now: what the ledger says is not added a second time.
    await counters.seed({ ref: unfilled, parts: [{ atMs, amount: 4n }] })
    expect(await counters.read([today, unfilled], atMs)).toEqual([
      { settled: 0n, held: 0n },
      { settled: 4n, held: 5n },
    ])
  })

  each('count in parallel what is held, and nothing else', async () => {
    expect((await reserve('a', [hold(parallel, 1n, 1n)])).granted).toBe(true)
    expect((await reserve('b', [hold(parallel, 1n, 1n)])).granted).toBe(false)
    await settle('a', { parallel: 1n })
    expect((await reserve('b', [hold(parallel, 1n, 1n)])).granted).toBe(true)
    expect(await counters.read([parallel], atMs)).toEqual([{ settled: 0n, held: 1n }])
  })

  each(
    'refuse what is no reservation: twice the same counter, less than nothing, another group',
    async () => {
      await expect(reserve('a', [hold(today, 1n, 9n), hold(tomorrow, 1n, 9n)])).rejects.toThrow('two holds')
      await expect(reserve('a', [hold(today, -1n, 9n)])).rejects.toThrow('a hold of -1')
      await expect(reserve('a', [hold(today, 1n, 9n), hold(grant, 1n, 9n)])).rejects.toThrow(
        'is of account:x',
      )
      expect(counters.open()).toEqual({ reservations: 0 })
    },
  )

  each('give back single holds, and settle the rest with what else was used', async () => {
    await reserve('a', [hold(today, 5n, 9n), hold(minute, 5n, 9n)])
    await reserve('a', [hold(grant, 5n, 9n)])
    await counters.dropHolds('a', account, ['grant', 'never held'])
    await counters.dropHolds('a', group, ['minute'])
    expect(await counters.read([today, minute, grant], atMs)).toEqual([
      { settled: 0n, held: 5n },
      { settled: 0n, held: 0n },
      { settled: 0n, held: 0n },
    ])
    const settled = await counters.settle({
      reservationId: 'a',
      amounts: new Map([
        ['day', 2n],
        ['minute', 9n],
      ]),
      extra: [
        { ...total, amount: 3n },
        { ...grant, amount: 4n },
      ],
      atMs,
    })
    expect(settled).toBe(true)
    expect(await counters.read([today, minute, total, grant], atMs)).toEqual([
      { settled: 2n, held: 0n },
      { settled: 0n, held: 0n },
      { settled: 3n, held: 0n },
      { settled: 4n, held: 0n },
    ])
  })

  each('resolve a reservation once, whoever comes first', async () => {
    await reserve('a', [hold(today, 5n, 9n)])
    await reserve('a', [hold(grant, 5n, 9n)])
    const resolve = () =>
      counters.resolve({
        reservationId: 'a',
        group,
        amounts: new Map([['day', 3n]]),
        unheld: [
          { ...today, amount: 3n },
          { ...total, amount: 2n },
        ],
        atMs,
      })
    expect(await resolve()).toBe('settled')
    expect(await resolve()).toBe('already')
    // Its grant was not resolved with its quotas.
    expect(await settle('a', { day: 4n, grant: 4n })).toBe(true)
    expect(await settle('a', { day: 4n, grant: 4n })).toBe(false)
    expect(await counters.release('a')).toBe(false)
    expect(await counters.read([today, total, grant], atMs)).toEqual([
      { settled: 3n, held: 0n },
      { settled: 2n, held: 0n },
      { settled: 4n, held: 0n },
    ])
    await expect(reserve('a', [hold(today, 1n, 9n)])).rejects.toThrow('was resolved')
  })

  each('remember that something was resolved until its record is in the ledger', async () => {
    await reserve('a', [hold(today, 5n, 9n)])
    await settle('a', { day: 4n })
    const late = (reservationId: string) =>
      counters.resolve({
        reservationId,
        group,
        amounts: new Map(),
        unheld: [{ ...today, amount: 1n }],
        atMs,
      })
    expect(await late('a')).toBe('already')
    expect(await late('unheard of')).toBe('absent')
    expect(await late('unheard of')).toBe('already')
    expect(await counters.read([today], atMs)).toEqual([{ settled: 5n, held: 0n }])
    await counters.forget([
      { reservationId: 'a', group },
      { reservationId: 'unheard of', group },
    ])
    expect(await late('a')).toBe('absent')
    // What is open is not forgotten.
    await reserve('b', [hold(today, 1n, 9n)])
    await counters.forget([{ reservationId: 'b', group }])
    expect(await counters.read([today], atMs)).toEqual([{ settled: 6n, held: 1n }])
  })

  each('find what is past its deadline, oldest first, with the text to book it from', async () => {
    await reserve('young', [hold(today, 1n, 9n)], atMs + 20)
    await reserve('old', [hold(today, 2n, 9n)], atMs)
    await reserve('old', [hold(grant, 3n, 9n)], atMs + 10)
    await reserve('empty', [], atMs + 30)
    counters.note('old', group, () => 'an opening')
    const due = atMs + 60_000
    expect(await counters.expired(due - 1, 10)).toEqual([])
    const old = {
      reservationId: 'old',
      group,
      atMs,
      expiresAtMs: due,
      holds: [{ ...today, amount: 2n }],
      opening: 'an opening',
    }
    expect(await counters.expired(due, 10)).toEqual([old])
    expect((await counters.expired(due + 30, 10)).map((found) => [found.reservationId, found.group])).toEqual(
      [
        ['old', group],
        ['old', account],
        ['young', group],
        ['empty', group],
      ],
    )
    expect(await counters.expired(due + 30, 1)).toEqual([old])
    expect(counters.openReservations()).toContainEqual(old)
    expect(counters.openReservations()).toHaveLength(4)
    expect(counters.open()).toEqual({ reservations: 3 })
  })

  each('add up what is reserved twice, and count one amount', async () => {
    await reserve('a', [hold(today, 5n, 9n)])
    await reserve('a', [hold(today, 4n, 9n), hold(minute, 1n, 9n)])
    expect((await reserve('b', [hold(today, 1n, 9n)])).granted).toBe(false)
    await settle('a', { day: 6n, minute: 1n })
    expect(await counters.read([today, minute], atMs)).toEqual([
      { settled: 6n, held: 0n },
      { settled: 1n, held: 0n },
    ])
  })
})

function fixed(counterId: string, startMs: number, endMs: number | undefined): CounterRef {
  return { counterId, group, window: { kind: 'fixed', startMs, endMs } }
}

function hold(ref: CounterRef, amount: bigint, limit: bigint): Hold {
  return { ...ref, amount, limit, hard: true }
}
