import { tcpProxy } from '../../../../test/support/tcp-proxy.ts'
import { until } from '../../../../test/support/until.ts'
import type { Counters, CounterStore, CounterUpkeep } from '../../../ports/counters.ts'
import { testRedis } from '../../../../test/support/redis.ts'
import { Redis } from 'ioredis'
import { MemoryCounters } from '../memory-counters.ts'
import { RedisCounters } from '../redis-counters/redis-counters.ts'

export type TestedCounters = Counters & CounterUpkeep

/** Counters as one or several processes see them, in a store that may be outside of them. */
export interface World {
  readonly processes: readonly TestedCounters[]
  /** `undefined`: it lives in the process, and is never away or lost. */
  readonly outside: Outside | undefined
  close(): Promise<void>
}

export interface Outside {
  readonly stores: readonly CounterStore[]
  /** The process is cut off from the store; resolves when it knows. */
  cut(process: number): Promise<void>
  /** At once, and whatever is on its way is lost. */
  cutNow(process: number): void
  /** Resolves when the process has looked what the store holds. */
  mend(process: number): Promise<void>
  /** Everything in the store is gone. */
  empty(): Promise<void>
}

export interface Mode {
  readonly name: 'in memory' | 'on Redis'
  /** Called once, before worlds are made of it. */
  start(): Promise<RunningMode>
}

export interface RunningMode {
  /** An empty store; `now` is the time of its processes. */
  world(now: () => number): Promise<World>
  stop(): Promise<void>
}

export const modes: readonly Mode[] = [
  { name: 'in memory', start: async () => ({ world: memoryWorld, stop: async () => {} }) },
  { name: 'on Redis', start: startRedis },
]

async function memoryWorld(): Promise<World> {
  return { processes: [new MemoryCounters()], outside: undefined, close: async () => {} }
}

export const silent = { info() {}, warn() {}, error() {} }

async function startRedis(): Promise<RunningMode> {
  const database = await testRedis()
  const direct = new Redis(database.url)
  return {
    world: (now) => redisWorld(database.url, direct, now),
    async stop() {
      direct.disconnect()
      await database.close()
    },
  }
}

/** Two processes, each on a wire of its own. */
async function redisWorld(url: string, direct: Redis, now: () => number): Promise<World> {
  await direct.flushdb()
  const { port, pathname } = new URL(url)
  const wires = await Promise.all([tcpProxy(Number(port)), tcpProxy(Number(port))])
  const stores = await Promise.all(
    wires.map((wire) =>
      RedisCounters.connect({
        url: `redis://127.0.0.1:${wire.port}${pathname}`,
        log: silent,
        clock: { now },
      }),
    ),
  )
  return {
    processes: stores,
    outside: {
      stores,
      async cut(process) {
        wires[process]?.cut()
        await until(() => stores[process]?.state() === 'away')
      },
      cutNow: (process) => wires[process]?.cut(),
      async mend(process) {
        wires[process]?.mend()
        await until(() => stores[process]?.state() !== 'away')
      },
      async empty() {
        await direct.flushdb()
      },
    },
    async close() {
      await Promise.all(stores.map((store) => store.close()))
      await Promise.all(wires.map((wire) => wire.close()))
    },
  }
}
