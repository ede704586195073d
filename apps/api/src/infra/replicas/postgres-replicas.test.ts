import { v7 as uuidv7 } from 'uuid'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { until } from '../../../test/support/until.ts'
import type { StoredReservation } from '../../ports/counters.ts'
import { PostgresReplicas } from './postgres-replicas.ts'

const leaseMs = 900
const log = { info() {}, warn() {}, error() {} }

let database: TestDatabase
const joined: TestReplica[] = []

beforeAll(async () => {
  database = await testDatabase()
})

afterEach(async () => {
  await Promise.all(joined.splice(0).map((replica) => replica.replicas.leave()))
  await database.pool.query('delete from replica')
})

afterAll(() => database.close())

interface TestReplica {
  readonly replicas: PostgresReplicas
  readonly events: string[]
}

async function join(name: string, holds: readonly StoredReservation[] = []): Promise<TestReplica> {
  const events: string[] = []
  const replicas = new PostgresReplicas({
    pool: database.pool,
    databaseUrl: database.url,
    self: { id: uuidv7(), role: 'api', host: name, version: 'test' },
    leaseMs,
    log,
  })
  await replicas.join({
    async stop() {
      events.push('stop')
      return holds
    },
    async resume() {
      events.push('resume')
    },
    async missed() {
      events.push('missed')
    },
  })
  const replica = { replicas, events }
  joined.push(replica)
  return replica
}

const reservation: StoredReservation = {
  reservationId: uuidv7(),
  group: 'team:a',
  atMs: 1,
  expiresAtMs: 2,
  opening: undefined,
  holds: [
    {
      counterId: 'quota:q',
      group: 'team:a',
      window: { kind: 'fixed', startMs: 0, endMs: undefined },
      amount: 9_007_199_254_740_993n,
    },
  ],
}

describe('a standstill of all processes', () => {
  it('stops each of them before the work and lets all go on after it, and hands over what they hold', async () => {
    const replicas = [await join('a', [reservation]), await join('b'), await join('c')]
    const held = await replicas[1]?.replicas.hold({
      needed: async () => true,
      work: async ({ reservations }) => {
        expect(replicas.map((replica) => replica.events.at(-1))).toEqual(['stop', 'stop', 'stop'])
        return reservations
      },
    })
    expect(held).toEqual([reservation])
    await until(() => replicas.every((replica) => replica.events.join() === 'stop,resume'))
  })

  it('is one at a time, and stops nobody when it is not needed any more', async () => {
    const [a, b] = [await join('a'), await join('b')]
    let done = 0
    let inside = 0
    const epochs: number[] = []
    const ask = (replica: TestReplica) =>
      replica.replicas.hold({
        needed: async () => done === 0,
        work: async ({ epoch }) => {
          inside += 1
          expect(inside).toBe(1)
          epochs.push(epoch)
          done += 1
          inside -= 1
          return epoch
        },
      })
    const results = await Promise.all([ask(a), ask(b), ask(a), ask(b)])
    expect(results.filter((result) => result !== undefined)).toHaveLength(1)
    await until(() => [a, b].every((replica) => replica.events.join() === 'stop,resume'))
    const [first = 0] = epochs
    done = 0
    const second = await ask(b)
    expect(second).toBeGreaterThan(first)
  })

  it('goes on after work that failed', async () => {
    const replicas = [await join('a'), await join('b')]
    const failing = replicas[0]?.replicas.hold({
      needed: async () => true,
      work: async () => {
        throw new Error('the store went away again')
      },
    })
    await expect(failing).rejects.toThrow('the store went away again')
    await until(() => replicas.every((replica) => replica.events.join() === 'stop,resume'))
  })

  it('waits for a process that is gone at most its lease', async () => {
    const alive = await join('alive')
    const gone = uuidv7()
    await database.pool.query(
      `insert into replica (id, role, host, version, lease_until) values ($1, 'api', 'gone', 'test', now() + interval '1 second')`,
      [gone],
    )
    const startedAt = performance.now()
    const leases = await alive.replicas.hold({
      needed: async () => true,
      work: async () => (await alive.replicas.list()).map((replica) => replica.host),
    })
    expect(leases).toEqual(['alive'])
    expect(performance.now() - startedAt).toBeGreaterThan(500)
  })

  it('ends for those who stand still when the one that asked for it has died', async () => {
    const replica = await join('a')
    // As a process leaves it that dies in the middle of its work: asked for, not over, and nobody has the lock.
    await database.pool.query(
      `insert into standstill (id, epoch, over) values (1, 1, false)
       on conflict (id) do update set epoch = standstill.epoch + 1, over = false`,
    )
    await until(() => replica.events.join() === 'stop,resume', 20_000)
    const { rows } = await database.pool.query<{ over: boolean }>('select over from standstill')
    expect(rows).toEqual([{ over: true }])
  })

  it('that a process missed because its lease had run out is made good before the lease is taken again', async () => {
    const [a, b] = [await join('a'), await join('b')]
    // As if b had been suspended: its lease runs out, and a goes on without it.
    await database.pool.query(`update replica set lease_until = now() - interval '1 second' where host = 'b'`)
    await database.pool.query(
      `insert into standstill (id, epoch, over) values (1, 1, true)
       on conflict (id) do update set epoch = standstill.epoch + 1, over = true`,
    )
    await until(() => b.events.includes('missed'))
    await until(async () => (await a.replicas.list()).length === 2)
    expect(a.events).not.toContain('missed')
    await a.replicas.hold({ needed: async () => true, work: async () => {} })
    await until(() => b.events.join() === 'missed,stop,resume')
  })
})

describe('the registry', () => {
  it('lists who is alive and forgets who leaves', async () => {
    const [a, b] = [await join('a'), await join('b')]
    expect((await a.replicas.list()).map((replica) => replica.host)).toEqual(['a', 'b'])
    expect(b.replicas.current()).toBe(true)
    await b.replicas.leave()
    expect((await a.replicas.list()).map((replica) => replica.host)).toEqual(['a'])
  })
})
