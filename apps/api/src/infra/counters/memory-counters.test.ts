import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CounterRef } from '../../ports/counters.ts'
import { MemoryCounters } from './memory-counters.ts'

const group = 'team:a'

const refs: readonly (CounterRef & { readonly limit: bigint; readonly hard: boolean })[] = [
  {
    counterId: 'day',
    group,
    window: { kind: 'fixed', startMs: 0, endMs: 86_400_000 },
    limit: 100n,
    hard: true,
  },
  { counterId: 'minute', group, window: { kind: 'sliding', lengthMs: 60_000 }, limit: 60n, hard: true },
  { counterId: 'parallel', group, window: { kind: 'held' }, limit: 3n, hard: true },
]

async function filled(): Promise<MemoryCounters> {
  const counters = new MemoryCounters()
  for (const ref of refs) await counters.seed({ ref, parts: [] })
  return counters
}

describe('counters in memory', () => {
  it('never let settled and held pass a limit, in whatever order things happen', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('reserve' as const),
        amount: fc.bigInt(0n, 40n),
        counters: fc.subarray([0, 1, 2], { minLength: 1 }),
      }),
      fc.record({ kind: fc.constant('settle' as const), pick: fc.nat(), share: fc.bigInt(0n, 100n) }),
      fc.record({ kind: fc.constant('release' as const), pick: fc.nat() }),
      fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 40_000 }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const counters = await filled()
        const open = new Map<string, { readonly amount: bigint; readonly counters: readonly number[] }>()
        let atMs = 1_000_000
        let next = 0
        for (const current of steps) {
          switch (current.kind) {
            case 'reserve': {
              const reservationId = `r${next}`
              next += 1
              const holds = refs
                .filter((_, index) => current.counters.includes(index))
                .map((ref) => ({ ...ref, amount: ref.window.kind === 'held' ? 1n : current.amount }))
              const outcome = await counters.reserve({
                reservationId,
                group,
                holds,
                atMs,
                expiresAtMs: atMs + 1,
              })
              if (outcome.granted) open.set(reservationId, current)
              else expect(outcome.refused.length).toBeGreaterThan(0)
              break
            }
            case 'settle': {
              const [id, reservation] = [...open][current.pick % Math.max(open.size, 1)] ?? []
              if (id === undefined || reservation === undefined) break
              open.delete(id)
              const used = (reservation.amount * current.share) / 100n
              const amounts = new Map([
                ['day', used],
                ['minute', used],
              ])
              expect(await counters.settle({ reservationId: id, amounts, extra: [], atMs })).toBe(true)
              expect(await counters.settle({ reservationId: id, amounts, extra: [], atMs })).toBe(false)
              break
            }
            case 'release': {
              const id = [...open.keys()][current.pick % Math.max(open.size, 1)]
              if (id === undefined) break
              open.delete(id)
              expect(await counters.release(id)).toBe(true)
              expect(await counters.release(id)).toBe(false)
              break
            }
            case 'pass':
              atMs += current.ms
          }
          for (const [index, reading] of (await counters.read(refs, atMs)).entries()) {
            expect(reading.settled + reading.held <= (refs[index]?.limit ?? 0n)).toBe(true)
            expect(reading.held >= 0n && reading.settled >= 0n).toBe(true)
          }
        }
        for (const id of open.keys()) await counters.release(id)
        for (const reading of await counters.read(refs, atMs)) expect(reading.held).toBe(0n)
      }),
      { numRuns: 300 },
    )
  })

  it('take all holds or none', async () => {
    const counters = await filled()
    const [day, minute] = refs
    if (day === undefined || minute === undefined) throw new Error('no refs')
    const outcome = await counters.reserve({
      reservationId: 'r',
      group,
      holds: [
        { ...day, amount: 50n },
        { ...minute, amount: 61n },
      ],
      atMs: 0,
      expiresAtMs: 1,
    })
    expect(outcome).toMatchObject({
      granted: false,
      refused: [{ counterId: 'minute', needed: 61n, limit: 60n }],
    })
    expect(await counters.read(refs, 0)).toEqual(refs.map(() => ({ settled: 0n, held: 0n })))
  })

  it('settle in the window in which the reservation was made', async () => {
    const counters = await filled()
    const first = { counterId: 'day', group, window: { kind: 'fixed', startMs: 0, endMs: 100 } } as const
    const second = { counterId: 'day', group, window: { kind: 'fixed', startMs: 100, endMs: 200 } } as const
    await counters.reserve({
      reservationId: 'a',
      group,
      holds: [{ ...first, amount: 5n, limit: 9n, hard: true }],
      atMs: 99,
      expiresAtMs: 1_000,
    })
    await counters.reserve({
      reservationId: 'b',
      group,
      holds: [{ ...second, amount: 3n, limit: 9n, hard: true }],
      atMs: 101,
      expiresAtMs: 1_000,
    })
    await counters.settle({ reservationId: 'a', amounts: new Map([['day', 4n]]), extra: [], atMs: 150 })
    expect(await counters.read([first, second], 150)).toEqual([
      { settled: 4n, held: 0n },
      { settled: 0n, held: 3n },
    ])
  })

  it('say when a sliding window has room again, and keep the word', async () => {
    const counters = await filled()
    const ref = { counterId: 'minute', group, window: { kind: 'sliding', lengthMs: 60_000 } } as const
    const take = (reservationId: string, atMs: number) =>
      counters.reserve({
        reservationId,
        group,
        holds: [{ ...ref, amount: 10n, limit: 10n, hard: true }],
        atMs,
        expiresAtMs: atMs + 1,
      })
    await take('a', 5_000)
    await counters.settle({ reservationId: 'a', amounts: new Map([['minute', 10n]]), extra: [], atMs: 5_100 })
    const refused = await take('b', 6_000)
    const freesAtMs = refused.granted ? 0 : (refused.refused[0]?.freesAtMs ?? 0)
    expect(freesAtMs).toBeGreaterThanOrEqual(65_000)
    expect((await take('c', freesAtMs - 1)).granted).toBe(false)
    expect((await take('d', freesAtMs)).granted).toBe(true)
  })
})
