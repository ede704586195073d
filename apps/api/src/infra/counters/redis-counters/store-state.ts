import { randomUUID } from 'node:crypto'
import { CountersUnavailable, type StoreState } from '../../../ports/counters.ts'
import type { Logger } from '../../../ports/logger.ts'
import { buildingKey, epochKey, Generation } from './generation.ts'
import { removeOlderGenerations } from './remove-generations.ts'
import type { Session, StoreLink } from './store-link.ts'
import { publishScript } from './upkeep-scripts.ts'

export interface StoreStateOptions {
  readonly link: StoreLink
  readonly prefix: string
  readonly log: Logger
  /** This generation is there, or there again: what must be done before anything is reserved on it. */
  readonly onGeneration: (generation: Generation, isNew: boolean) => Promise<void>
}

interface Building {
  readonly marker: string
  readonly session: Session
}

/** Which generation this process works on, and whether it may be trusted. */
export class StoreStateKeeper {
  readonly #options: StoreStateOptions
  readonly #listeners: ((state: StoreState) => void)[] = []
  #state: StoreState = 'away'
  #generation: Generation | undefined
  /** Reservations may be made. */
  #isUsable = false
  #building: Building | undefined
  /** A generation of which something is missing: it stays cold although the server still names it. */
  #lostEpoch: number | undefined
  #isClosed = false

  constructor(options: StoreStateOptions) {
    this.#options = options
  }

  get state(): StoreState {
    return this.#state
  }

  /** The generation to reserve on. */
  get usable(): Generation | undefined {
    return this.#isUsable ? this.#generation : undefined
  }

  /** The generation to fill and to correct, trusted or not; `undefined` before the first. */
  get current(): Generation | undefined {
    return this.#generation
  }

  unavailable(options: { readonly sent?: boolean } = {}): CountersUnavailable {
    return new CountersUnavailable(
      this.#state === 'away'
        ? 'The counters cannot be reached.'
        : 'The counters are being rebuilt from the ledger.',
      options,
    )
  }

  onState(listener: (state: StoreState) => void): void {
    this.#listeners.push(listener)
  }

  down(): void {
    this.#isUsable = false
    this.#set('away')
  }

  /** Looks which generation the store holds. */
  async look(): Promise<void> {
    const { link } = this.#options
    const session = this.#session()
    const text = await link.call('GET', epochKey(this.#options.prefix))
    this.#assertSame(session)
    const epoch = parseEpoch(text, session.runId)
    if (epoch === undefined || epoch === this.#lostEpoch) {
      this.#isUsable = false
      this.#set('cold')
    } else if (epoch === this.#generation?.epoch && this.#building === undefined) {
      await this.#use(this.#generation, false, session)
    } else {
      await this.#use(new Generation(this.#options.prefix, epoch), true, session)
    }
  }

  /** An answer showed that something is missing. `forGood`: until another generation is published. */
  lose(generation: Generation, why: string, forGood: boolean): void {
    if (generation !== this.#generation) return
    if (forGood) this.#lostEpoch = generation.epoch
    if (this.#state === 'away') return
    if (this.#isUsable)
      this.#options.log.error({ epoch: generation.epoch, why }, 'the counter store lost data')
    this.#isUsable = false
    this.#set('cold')
  }

  async begin(epoch: number): Promise<void> {
    const session = this.#session()
    const building = { marker: `${epoch} ${randomUUID()}`, session }
    this.#isUsable = false
    this.#set('cold')
    await this.#options.link.call('SET', buildingKey(this.#options.prefix), building.marker)
    this.#assertSame(session)
    this.#generation = new Generation(this.#options.prefix, epoch)
    this.#building = building
  }

  async publish(epoch: number): Promise<void> {
    const { link, prefix } = this.#options
    const building = this.#building
    const generation = this.#generation
    if (building === undefined || generation?.epoch !== epoch)
      throw new Error(`generation ${epoch} was not begun by this process`)
    // A store that was restarted while it was filled is empty, or half empty.
    this.#assertSame(building.session)
    const [outcome] = await link.run(
      publishScript,
      [epochKey(prefix), buildingKey(prefix)],
      [building.marker, JSON.stringify({ epoch, runId: building.session.runId })],
    )
    if (outcome !== 'published')
      throw new CountersUnavailable('the counter store was emptied while it was filled')
    await this.#use(generation, true, building.session)
    removeOlderGenerations(link, prefix, epoch, () => this.#isClosed).catch((error: unknown) =>
      this.#options.log.warn({ error: String(error) }, 'older generations of counters were not removed'),
    )
  }

  close(): void {
    this.#isClosed = true
    this.#isUsable = false
  }

  async #use(generation: Generation, isNew: boolean, session: Session): Promise<void> {
    if (isNew) this.#isUsable = false
    this.#generation = generation
    await this.#options.onGeneration(generation, isNew)
    this.#assertSame(session)
    if (this.#lostEpoch === generation.epoch) return this.#set('cold')
    this.#building = undefined
    this.#lostEpoch = undefined
    this.#isUsable = true
    this.#set('ready')
  }

  #session(): Session {
    const { session } = this.#options.link
    if (session === undefined) throw new CountersUnavailable('the counter store is away')
    return session
  }

  #assertSame(session: Session): void {
    if (this.#options.link.session !== session)
      throw new CountersUnavailable('the connection to the counter store was lost')
  }

  #set(state: StoreState): void {
    if (state === this.#state) return
    this.#state = state
    for (const listener of this.#listeners) listener(state)
  }
}

/** What went wrong with a command, as the port says it. */
export function storeError(error: unknown, options: { readonly sent?: boolean } = {}): CountersUnavailable {
  if (error instanceof CountersUnavailable) return error
  const message = error instanceof Error ? error.message : String(error)
  return new CountersUnavailable(`The counters do not answer: ${message}`, { cause: error, ...options })
}

/** `undefined`: nothing was published, or in another run of the server, whose data may be older than ours. */
function parseEpoch(text: unknown, runId: string): number | undefined {
  if (typeof text !== 'string') return undefined
  const published: unknown = JSON.parse(text)
  if (typeof published !== 'object' || published === null) return undefined
  if (!('epoch' in published) || !('runId' in published) || published.runId !== runId) return undefined
  return typeof published.epoch === 'number' ? published.epoch : undefined
}
