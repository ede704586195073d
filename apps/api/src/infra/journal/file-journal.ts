import { accessSync, appendFileSync, constants, mkdirSync, statSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import {
  JournalUnavailable,
  type DrainSource,
  type Journal,
  type JournalState,
  type Opening,
  type PendingRecord,
} from '../../ports/journal.ts'
import type { Logger } from '../../ports/logger.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'
import { encodeLine, type JournalKind } from './journal-line.ts'
import { readSegments, segmentName } from './read-segments.ts'
import { Segment } from './segment.ts'

export interface FileJournalOptions {
  readonly directory: string
  /** Bound on bytes that are not yet in Postgres; beyond it requests are refused. */
  readonly bytesMax: number
  readonly segmentBytes: number
  /** `database`: a settlement waits for the commit in Postgres instead of the disk. */
  readonly durability: 'journal' | 'database'
  readonly log: Logger
}

interface Pending extends PendingRecord {
  readonly segments: readonly Segment[]
  readonly committed: Promise<void>
  readonly commit: () => void
}

/**
 * The journal on local files. Writing is synchronous (it costs a microsecond and survives `kill -9`), forcing it to
 * disk is asynchronous and grouped: everybody who settled since the last `fdatasync` shares the next one.
 */
export class FileJournal implements Journal, DrainSource {
  readonly #options: FileJournalOptions
  readonly #segments = new Set<Segment>()
  #current: Segment
  #next: number
  /** Segments in which a request has lines, until it is drained. */
  readonly #lines = new Map<string, Segment[]>()
  #pending: Pending[] = []
  #replayed: readonly string[] = []
  #replayedBytes = 0
  #replayedCount = 0
  #fault: string | undefined
  #syncing = false
  #waiters: {
    readonly segment: Segment
    readonly resolve: () => void
    readonly reject: (error: Error) => void
  }[] = []
  #onPending: () => void = () => {}

  private constructor(options: FileJournalOptions, next: number) {
    this.#options = options
    this.#next = next
    this.#current = this.#startSegment()
  }

  /** Reads what is left from before and starts a new segment. What was left is pending, and so drained first. */
  static async start(
    options: FileJournalOptions,
  ): Promise<{ journal: FileJournal; interrupted: number; settled: number }> {
    mkdirSync(options.directory, { recursive: true, mode: 0o700 })
    accessSync(options.directory, constants.W_OK)
    const replay = await readSegments(options.directory, options.log)
    const last = replay.paths.at(-1)
    const next = last === undefined ? 1 : Number(/(\d{12})\.journal$/.exec(last)?.[1]) + 1
    const journal = new FileJournal(options, next)
    journal.#replayed = replay.paths
    journal.#replayedBytes = replay.paths.reduce((sum, path) => sum + statSync(path).size, 0)
    for (const record of [...replay.settled, ...replay.interrupted]) journal.#push(record, [], true)
    journal.#replayedCount = journal.#pending.length
    return { journal, interrupted: replay.interrupted.length, settled: replay.settled.length }
  }

  open(opening: Opening): void {
    const { bytes, bytesMax } = this.state()
    if (bytes >= bytesMax) {
      throw new JournalUnavailable(
        `The journal is full (${bytes} of ${bytesMax} bytes are not yet in the database). ` +
          'An administrator should look at the connection to PostgreSQL.',
      )
    }
    try {
      this.#append('open', opening.record)
    } catch (error) {
      throw new JournalUnavailable(
        `The journal cannot be written (${reasonOf(error)}). An administrator should look at the disk of the data directory.`,
      )
    }
  }

  async settle(record: UsageRecord): Promise<void> {
    let segment: Segment | undefined
    try {
      segment = this.#append('done', record)
    } catch (error) {
      this.#options.log.error(
        { err: error, requestId: record.requestId },
        'the journal cannot be written: waiting for the database',
      )
    }
    const segments = this.#lines.get(record.requestId) ?? []
    this.#lines.delete(record.requestId)
    const pending = this.#push(record, segments, false)
    if (segment !== undefined && this.#options.durability === 'journal') {
      try {
        await this.#synced(segment)
        return
      } catch (error) {
        this.#options.log.error(
          { err: error, requestId: record.requestId },
          'the journal cannot be forced to disk: waiting for the database',
        )
      }
    }
    // Without a line on disk, only the commit in Postgres is a promise that can be kept.
    await pending.committed
  }

  state(): JournalState {
    let bytes = this.#replayedBytes
    for (const segment of this.#segments) if (segment.pending > 0) bytes += segment.bytes
    return { bytes, bytesMax: this.#options.bytesMax, fault: this.#fault }
  }

  /** For the drainer: the oldest records that are not yet in Postgres. They stay pending until `drained`. */
  pending(recordsMax: number): readonly PendingRecord[] {
    return this.#pending.slice(0, recordsMax)
  }

  replayedCount(): number {
    return this.#replayedCount
  }

  pendingCount(): number {
    return this.#pending.length
  }

  /** The first `count` pending records are committed in Postgres. */
  drained(count: number): void {
    const done = this.#pending.splice(0, count)
    for (const entry of done) {
      if (entry.replayed) this.#replayedCount -= 1
      for (const segment of entry.segments) {
        segment.pending -= 1
        if (segment.removeIfDone()) this.#segments.delete(segment)
      }
      entry.commit()
    }
    if (this.#pending.length === 0) this.#rotateIfIdle()
    if (this.#replayed.length > 0 && this.#replayedCount === 0) {
      for (const path of this.#replayed) unlinkSync(path)
      this.#replayed = []
      this.#replayedBytes = 0
    }
  }

  reject(): void {
    const [entry] = this.#pending
    if (entry === undefined) return
    appendFileSync(join(this.#options.directory, 'rejected.log'), encodeLine('done', entry.record), {
      mode: 0o600,
    })
    this.drained(1)
  }

  /** Called whenever something becomes pending. */
  onPending(listener: () => void): void {
    this.#onPending = listener
  }

  close(): void {
    for (const segment of this.#segments) {
      segment.seal()
      if (!segment.removeIfDone()) segment.close()
    }
  }

  #push(record: UsageRecord, segments: readonly Segment[], replayed: boolean): Pending {
    const { promise, resolve } = Promise.withResolvers<void>()
    const pending: Pending = { record, replayed, segments, committed: promise, commit: resolve }
    this.#pending.push(pending)
    this.#onPending()
    return pending
  }

  #append(kind: JournalKind, record: UsageRecord): Segment {
    if (this.#current.bytes >= this.#options.segmentBytes) this.#current = this.#turn()
    const segment = this.#current
    try {
      // After a failed write the file may end in half a line: the next one starts on its own.
      segment.append((this.#fault === undefined ? '' : '\n') + encodeLine(kind, record))
      this.#fault = undefined
    } catch (error) {
      this.#fault = reasonOf(error)
      throw error
    }
    segment.pending += 1
    const lines = this.#lines.get(record.requestId)
    if (lines === undefined) this.#lines.set(record.requestId, [segment])
    else lines.push(segment)
    return segment
  }

  #turn(): Segment {
    const full = this.#current
    const next = this.#startSegment()
    full.seal()
    if (full.removeIfDone()) this.#segments.delete(full)
    return next
  }

  /** A quiet moment: start afresh, so that a drained file does not lie about until it is full. */
  #rotateIfIdle(): void {
    if (this.#current.pending === 0 && this.#current.bytes > idleRotateBytes) this.#current = this.#turn()
  }

  #startSegment(): Segment {
    const segment = new Segment(join(this.#options.directory, segmentName(this.#next)))
    this.#next += 1
    this.#segments.add(segment)
    return segment
  }

  #synced(segment: Segment): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ segment, resolve, reject })
      if (!this.#syncing) void this.#syncLoop()
    })
  }

  async #syncLoop(): Promise<void> {
    this.#syncing = true
    while (this.#waiters.length > 0) {
      const group = this.#waiters
      this.#waiters = []
      for (const segment of new Set(group.map((waiter) => waiter.segment))) {
        const waiting = group.filter((waiter) => waiter.segment === segment)
        try {
          await segment.sync()
          for (const waiter of waiting) waiter.resolve()
        } catch (error) {
          this.#fault = reasonOf(error)
          for (const waiter of waiting)
            waiter.reject(error instanceof Error ? error : new Error(String(error)))
        }
      }
    }
    this.#syncing = false
  }
}

const idleRotateBytes = 1_048_576

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
