import { join } from 'node:path'
import type pg from 'pg'
import type { GatewayLimits, GatewayServices } from './domain/completion/services.ts'
import { AdmissionGate } from './domain/completion/admission-gate.ts'
import { InFlight } from './domain/completion/in-flight.ts'
import { Sessions } from './domain/completion/sessions.ts'
import { correctCounters } from './domain/ledger/correct-counters.ts'
import { Drainer } from './domain/ledger/drainer.ts'
import { Estimator } from './domain/estimate/estimator.ts'
import { Receipts } from './domain/ledger/receipts.ts'
import { GrantWatch } from './domain/grants/grant-watch.ts'
import { AccountHealth } from './domain/routing/account-health.ts'
import { fillCounters, isOfOtherZone } from './domain/ledger/fill-counters.ts'
import { UnheldRequests } from './domain/ledger/unheld-requests.ts'
import { unknownCounters } from './domain/ledger/seed-counters.ts'
import { keepEstimates } from './infra/estimate/keep-estimates.ts'
import { PostgresEstimateStore } from './infra/estimate/postgres-estimate-store.ts'
import { GrantReporter } from './infra/grants/grant-reporter.ts'
import { recordAccountState } from './infra/ledger/record-account-state.ts'
import { FileJournal } from './infra/journal/file-journal.ts'
import { PutAsideReport } from './infra/journal/report-put-aside.ts'
import { PostgresLedger } from './infra/ledger/postgres-ledger.ts'
import { PrometheusMeter } from './infra/metrics/prometheus-meter.ts'
import { rememberCountersTimeZone } from './infra/snapshot/counters-time-zone.ts'
import { SnapshotKeeper } from './infra/snapshot/snapshot-keeper.ts'
import { ProviderTransport } from './infra/transport/provider-transport.ts'
import { TransportProber } from './infra/transport/transport-prober.ts'
import { openCounters } from './open-counters.ts'
import type { Clock } from './ports/clock.ts'
import type { Db } from './ports/database.ts'
import type { LiveBooks } from './ports/books.ts'
import type { Logger } from './ports/logger.ts'
import type { Steps } from './ports/steps.ts'
import type { Counters, CounterStore, CounterUpkeep } from './ports/counters.ts'
import type { Replica, Replicas } from './ports/replicas.ts'
import type { Secrets } from './ports/secrets.ts'

export interface BooksOptions {
  readonly pool: pg.Pool
  readonly db: Db
  readonly databaseUrl: string
  readonly dataDirectory: string
  readonly secrets: Secrets
  readonly clock: Clock
  readonly log: Logger
  readonly limits: GatewayLimits
  readonly journalBytesMax: number
  readonly durability: 'journal' | 'database'
  readonly privateUpstreams: boolean
  readonly steps: Steps
  /** Counters that several processes share; `undefined`: this process has the books to itself. */
  readonly redisUrl: string | undefined
  /** Of this process, in the registry of all. */
  readonly self: Omit<Replica, 'leaseUntil' | 'startedAt'>
}

/** The running books of one process, and the gateway that works on them. */
export interface Books {
  readonly services: GatewayServices
  readonly upkeep: Counters & CounterUpkeep
  readonly replicas: Replicas
  /** Where the counters live when they are shared. */
  readonly store: CounterStore | undefined
  readonly ledger: PostgresLedger
  readonly live: LiveBooks
  readonly keeper: SnapshotKeeper
  readonly journal: FileJournal
  readonly meter: PrometheusMeter
  readonly transport: ProviderTransport
  /** Lets requests end, carries what is settled into Postgres, and closes. */
  stop(timeoutMs: number): Promise<void>
}

const segmentBytes = 16 * 1_048_576
const admissionWaitersMax = 10_000
const receiptsMax = 10_000
const drainMs = 5_000
/** How often a waiting request looks whether another process has given something back. */
const sharedPollMs = 200

/**
 * Opens the books: the journal of before is read and drained, the counters are filled from the ledger, and only then is
 * there a snapshot to serve from.
 */
export async function openBooks(options: BooksOptions): Promise<Books> {
  const { pool, clock, log } = options
  const ledger = new PostgresLedger(pool)
  const directory = join(options.dataDirectory, 'journal')
  const { journal, interrupted, settled } = await FileJournal.start({
    directory,
    bytesMax: options.journalBytesMax,
    segmentBytes,
    durability: options.durability,
    log,
    version: options.self.version,
  })
  if (interrupted + settled > 0) {
    log.info({ settled, interrupted }, 'the journal of an earlier run is carried into the database')
  }
  const unheld = new UnheldRequests()
  const open = await openCounters({ ...options, ledger, unheld })
  const drainer = new Drainer({
    source: journal,
    ledger,
    follower: open.follower,
    mayWrite: () => open.replicas.current(),
    steps: options.steps,
    log,
  })
  const filling = {
    clock,
    counters: open.upkeep,
    store: open.store,
    ledger,
    replicas: open.replicas,
    unheld,
    rememberTimeZone: (timeZone: string) => rememberCountersTimeZone(pool, timeZone),
    log,
  }
  const keeper = new SnapshotKeeper({
    pool,
    databaseUrl: options.databaseUrl,
    secrets: options.secrets,
    unknown: async (snapshot) =>
      open.store === undefined ||
      (open.store.state() === 'ready' && !unheld.some() && !isOfOtherZone(snapshot))
        ? unknownCounters(filling, snapshot)
        : undefined,
    fill: (snapshot) => fillCounters(filling, snapshot),
    log,
  })
  // Records of an earlier run are resolved with counters that others share: that takes a snapshot.
  if (open.store === undefined) await drainer.drain(replayMs)
  else await drainer.pause()
  await open.join({ drainer, keeper })
  await keeper.start()
  drainer.resume()
  await drainer.drain(replayMs)
  const meter = new PrometheusMeter()
  meter.gauge(
    'tollgate_journal_bytes',
    'Bytes of the journal that are not yet in Postgres.',
    () => journal.state().bytes,
  )
  meter.gauge('tollgate_journal_records', 'Usage records that are not yet in Postgres.', () =>
    journal.pendingCount(),
  )
  meter.gauge('tollgate_reservations', 'Open reservations.', () => open.counters.open().reservations)
  const putAside = new PutAsideReport({
    pool,
    count: () => journal.putAside(),
    host: options.self.host,
    directory,
    log,
  })
  const estimator = new Estimator()
  meter.estimates(() => estimator.drift())
  const estimates = await keepEstimates({ estimator, store: new PostgresEstimateStore(pool), log })
  const transport = new ProviderTransport({ privateAllowed: options.privateUpstreams })
  const inFlight = new InFlight()
  const grantReporter = new GrantReporter({
    db: options.db,
    clock,
    log,
    snapshot: () => keeper.current(),
    counters: open.counters,
    refresh: () => keeper.refresh(),
  })
  const services: GatewayServices = {
    clock,
    snapshot: () => keeper.current(),
    counters: open.counters,
    journal,
    gate: open.gate,
    unheld,
    transport,
    admission: new AdmissionGate(
      admissionWaitersMax,
      open.store === undefined ? Number.POSITIVE_INFINITY : sharedPollMs,
    ),
    grants: new GrantWatch(grantReporter),
    health: new AccountHealth((report) => void recordAccountState(pool, log, report)),
    sessions: new Sessions({ prober: new TransportProber(transport), clock, log }),
    receipts: new Receipts(receiptsMax),
    inFlight,
    estimator,
    meter,
    steps: options.steps,
    log,
    limits: options.limits,
  }
  return {
    services,
    upkeep: open.upkeep,
    replicas: open.replicas,
    store: open.store,
    ledger,
    keeper,
    journal,
    meter,
    transport,
    live: {
      drain: () => drainer.drain(drainMs),
      read: (refs) => open.counters.read(refs, clock.now()),
      live: () => inFlight.live(clock.now()),
      lastUsed: () => inFlight.lastUsed(),
      correct: (write) =>
        open.gate.pass(async () => {
          const corrections = await write()
          await correctCounters(open.upkeep, corrections).catch((error: unknown) => {
            // In the ledger and not on the counters, as a request that was served without holds.
            unheld.settled()
            throw error
          })
        }),
    },
    async stop(timeoutMs) {
      await endRequests(inFlight, timeoutMs)
      await estimates.stop()
      await drainer.drain(drainMs).catch((error: unknown) => {
        log.warn({ err: error }, 'usage records stay in the journal and are carried over at the next start')
      })
      drainer.stop()
      putAside.stop()
      grantReporter.stop()
      await keeper.stop()
      await open.close()
      journal.close()
      await transport.close()
    },
  }
}

/** A large journal of a long outage takes its time; nothing is served before it is in. */
const replayMs = 600_000

async function endRequests(inFlight: InFlight, timeoutMs: number): Promise<void> {
  const idle = inFlight.idle()
  const timer = setTimeout(() => inFlight.cancelAll(), timeoutMs)
  await idle
  clearTimeout(timer)
}
