import type { Clock } from '../../ports/clock.ts'
import type { Counters } from '../../ports/counters.ts'
import type { Journal } from '../../ports/journal.ts'
import type { Transport } from '../../ports/transport.ts'
import type { Logger } from '../../ports/logger.ts'
import type { Meter } from '../../ports/meter.ts'
import type { Steps } from '../../ports/steps.ts'
import type { BooksGate } from '../ledger/books-gate.ts'
import type { Estimator } from '../estimate/estimator.ts'
import type { GrantWatch } from '../grants/grant-watch.ts'
import type { UnheldRequests } from '../ledger/unheld-requests.ts'
import type { AccountHealth } from '../routing/account-health.ts'
import type { Receipts } from '../ledger/receipts.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { AdmissionGate } from './admission-gate.ts'
import type { InFlight } from './in-flight.ts'
import type { Sessions } from './sessions.ts'

/** What the product sentence needs: everything behind a port, or in memory. No database. */
export interface GatewayServices {
  readonly clock: Clock
  /** The newest snapshot. A request takes it once and keeps it to its end. */
  readonly snapshot: () => Snapshot
  readonly counters: Counters
  readonly journal: Journal
  readonly gate: BooksGate
  readonly unheld: UnheldRequests
  readonly transport: Transport
  readonly admission: AdmissionGate
  readonly health: AccountHealth
  readonly sessions: Sessions
  readonly grants: GrantWatch
  readonly receipts: Receipts
  readonly inFlight: InFlight
  readonly estimator: Estimator
  readonly meter: Meter
  readonly steps: Steps
  readonly log: Logger
  readonly limits: GatewayLimits
}

export interface GatewayLimits {
  /** How long a request may wait for holds of others to be given back. */
  readonly admissionWaitMs: number
  /** An answer shorter than this is not worth clamping for. */
  readonly usefulOutputTokens: number
  /** The same where the client named no bound and a paid offering could give the whole answer. */
  readonly usefulGrantOutputTokens: number
  /** Output bound of a model whose cap nobody knows, for a client that names none; it is then sent to the provider. */
  readonly unknownOutputTokens: number
  /** Longest life of a request. */
  readonly requestMsMax: number
  /** From the end of that life to the sweeper: time for the settlement of a request that ends at its very last moment. */
  readonly settlementMs: number
  /** From dispatch to the first byte of an answer. */
  readonly firstByteMs: number
  /** Between two bytes of an answer. */
  readonly idleMs: number
  /** Largest whole answer that is held in memory. */
  readonly answerBytesMax: number
}
