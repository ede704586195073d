import type pg from 'pg'
import { BooksGate } from './domain/ledger/books-gate.ts'
import type { Drainer } from './domain/ledger/drainer.ts'
import { followCounters, nothingToFollow, type CounterFollower } from './domain/ledger/follow-counters.ts'
import { GatedCounters } from './domain/ledger/gated-counters.ts'
import { CounterRecovery } from './domain/ledger/recover-counters.ts'
import type { UnheldRequests } from './domain/ledger/unheld-requests.ts'
import { MemoryCounters } from './infra/counters/memory-counters.ts'
import { RedisCounters } from './infra/counters/redis-counters/redis-counters.ts'
import { PostgresReplicas } from './infra/replicas/postgres-replicas.ts'
import { SingleReplica } from './infra/replicas/single-replica.ts'
import type { SnapshotKeeper } from './infra/snapshot/snapshot-keeper.ts'
import type { Clock } from './ports/clock.ts'
import type { Counters, CounterStore, CounterUpkeep } from './ports/counters.ts'
import type { Ledger } from './ports/ledger.ts'
import type { Logger } from './ports/logger.ts'
import type { Replica, Replicas, Standstill } from './ports/replicas.ts'

/** Where the counters live, and with whom they are shared. */
export interface OpenCounters {
  readonly gate: BooksGate
  /** As the request path sees them. */
  readonly counters: Counters
  readonly upkeep: Counters & CounterUpkeep
  /** `undefined`: in the memory of this process, which has the books to itself. */
  readonly store: CounterStore | undefined
  readonly replicas: Replicas
  readonly follower: CounterFollower
  /** Takes part in standstills, and rebuilds what is lost, from now on. */
  join(parts: { readonly drainer: Drainer; readonly keeper: SnapshotKeeper }): Promise<void>
  close(): Promise<void>
}

export interface OpenCountersOptions {
  /** `undefined`: counters in memory. */
  readonly redisUrl: string | undefined
  readonly self: Omit<Replica, 'leaseUntil' | 'startedAt'>
  readonly pool: pg.Pool
  readonly databaseUrl: string
  readonly ledger: Ledger
  readonly unheld: UnheldRequests
  readonly clock: Clock
  readonly log: Logger
}

const leaseMs = 5_000
const drainMs = 5_000
/** A request waits so long for counters that are being rebuilt; then it is told to come again. */
const recoveryWaitMs = 2_000

export async function openCounters(options: OpenCountersOptions): Promise<OpenCounters> {
  const { redisUrl, self, pool, databaseUrl, log } = options
  const gate = new BooksGate()
  if (redisUrl === undefined) {
    const memory = new MemoryCounters()
    const replicas = new SingleReplica({ ...self, startedAt: new Date(options.clock.now()) })
    return {
      gate,
      counters: new GatedCounters(memory, { gate, recovered: async () => false, waitMs: recoveryWaitMs }),
      upkeep: memory,
      store: undefined,
      replicas,
      follower: nothingToFollow,
      join: ({ drainer, keeper }) =>
        replicas.join(standstillOf({ gate, drainer, keeper, upkeep: memory, store: undefined, log })),
      close: () => replicas.leave(),
    }
  }

  const store = await RedisCounters.connect({ url: redisUrl, log })
  const replicas = new PostgresReplicas({ pool, databaseUrl, self, leaseMs, log })
  const parts: { keeper?: SnapshotKeeper } = {}
  const recovery = new CounterRecovery(store, options.unheld, async () => parts.keeper?.refresh(), log)
  return {
    gate,
    counters: new GatedCounters(store, {
      gate,
      recovered: (withinMs) => recovery.recovered(withinMs),
      waitMs: recoveryWaitMs,
    }),
    upkeep: store,
    store,
    replicas,
    follower: followCounters({
      clock: options.clock,
      counters: store,
      ledger: options.ledger,
      snapshot: () => parts.keeper?.newest(),
      state: () => store.state(),
    }),
    async join({ drainer, keeper }) {
      parts.keeper = keeper
      await replicas.join(standstillOf({ gate, drainer, keeper, upkeep: store, store, log }))
    },
    async close() {
      recovery.stop()
      await replicas.leave()
      await store.close()
    },
  }
}

function standstillOf(parts: {
  readonly gate: BooksGate
  readonly drainer: Drainer
  readonly keeper: SnapshotKeeper
  readonly upkeep: CounterUpkeep
  readonly store: CounterStore | undefined
  readonly log: Logger
}): Standstill {
  const { gate, drainer, keeper, upkeep, store, log } = parts
  const goOn = async () => {
    await keeper.reload().catch((error: unknown) => {
      log.warn({ err: error }, 'the configuration could not be read after a standstill')
    })
    drainer.resume()
    gate.open()
  }
  return {
    async stop() {
      await gate.close()
      drainer.resume()
      await drainer.drain(drainMs)
      await drainer.pause()
      return upkeep.openReservations()
    },
    async resume() {
      await store?.adopt()
      await goOn()
    },
    async missed() {
      await gate.close()
      await drainer.pause()
      // In another generation nothing of this process is held, which the store makes good when it adopts it; what is not
      // drained is counted nowhere.
      await store?.adopt()
      drainer.distrust()
      await goOn()
    },
  }
}
