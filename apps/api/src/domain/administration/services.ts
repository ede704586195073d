import type { Protocol, ProtocolAdapter, Provider } from '@tollgate/adapters/contract'
import type { LiveBooks, SnapshotControl } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Db } from '../../ports/database.ts'
import type { Prober } from '../../ports/prober.ts'
import type { Secrets } from '../../ports/secrets.ts'
import type { Estimator } from '../estimate/estimator.ts'
import type { Catalogue } from './catalogue.ts'

/** What the verbs of administration work with; composed in main. */
export interface AdministrationServices {
  readonly db: Db
  readonly secrets: Secrets
  readonly books: LiveBooks
  readonly snapshot: SnapshotControl
  readonly prober: Prober
  readonly adapters: Adapters
  readonly catalogue: Catalogue
  readonly estimator: Pick<Estimator, 'drift'>
  readonly clock: Clock
  /** Of the installation; read from the settings once the configuration file has been applied. */
  readonly currency: string
  readonly timeZone: string
}

/** The adapters that are built in, by provider. */
export interface Adapters {
  readonly providers: readonly Provider[]
  /** Of one provider, the recommended one first. */
  protocolsOf(provider: Provider): readonly ProtocolAdapter[]
  find(protocol: Protocol): ProtocolAdapter | undefined
}
