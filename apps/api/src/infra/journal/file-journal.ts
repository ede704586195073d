import {
  JournalUnavailable,
  type DrainSource,
  type Journal,
  type JournalState,
  type Opening,
  type PendingRecord,
  type PutAside,
} from '../../ports/journal.ts'
import type { Logger } from '../../ports/logger.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'
import { GroupSync } from './group-sync.ts'
import { encodeHeader } from './journal-header.ts'
import { encodeLine, type JournalKind } from './journal-line.ts'
import { moveLines, type Lines } from './move-lines.ts'
import { openDirectory } from './open-directory.ts'
import { PutAsideFolder } from './put-aside.ts'
import { readSegments, segmentNumber, type ReplayedFile } from './read-segments.ts'
import { ReplayedFiles } from './replayed-files.ts'
import type { Segment } from './segment.ts'
import { SegmentFiles } from './segment-files.ts'

export interface FileJournalOptions {
  readonly directory: string
  /** Bound on bytes that are not yet in Postgres; beyond it requests are refused. */
  readonly bytesMax: number
  readonly segmentBytes: number
  /** `database`: a settlement waits for the commit in Postgres instead of the disk. */
  readonly durability: 'journal' | 'database'
  readonly log: Logger
  /** Of the service: an older one that meets our files says who wrote them. */
  readonly version?: string
}

interface Pending extends Lines {
  readonly replayed: boolean
  readonly committed: Promise<void>
  readonly commit: () => void
}

/**
 * The journal on local files. Writing is synchronous (it costs microseconds and survives `kill -9`), forcing it to
 * disk is asynchronous and grouped: everybody who settled since the last `fdatasync` shares the next one. README.md
 * says what happens when a disk does not do as it should.
 */
export class FileJournal implements Journal, DrainSource {
  readonly #options: FileJournalOptions
  readonly #files: SegmentFiles
  readonly #putAside: PutAsideFolder
  readonly #group = new GroupSync((segment, error) => this.#synced(segment, error))
  /** Requests that are opened and not settled, with their last opening. */
  readonly #running = new Map<string, Lines>()
  #pending: Pending[] = []
  readonly #replayedFiles: ReplayedFiles
  #replayedCount = 0
  #moving = false
  #writeFault: string | undefined
  #syncFault: string | undefined
  #onPending: () => void = () => {}
  readonly #watch: NodeJS.Timeout

  private constructor(options: FileJournalOptions, replayedFiles: readonly ReplayedFile[]) {
    const { directory, log } = options
    const last = replayedFiles.at(-1)
    this.#options = options
    this.#putAside = new PutAsideFolder(directory)
    this.#replayedFiles = new ReplayedFiles(directory, replayedFiles, this.#putAside, log)
    this.#files = new SegmentFiles({
      directory,
      // Many to the bound: only whole files are given back.
      segmentBytes: Math.min(options.segmentBytes, options.bytesMax / segmentsInBound),
      header: encodeHeader(options.version),
      first: last === undefined ? 1 : segmentNumber(last.name) + 1,
      log,
    })
    this.#watch = setInterval(() => this.#lookAfterFiles(), watchMs).unref()
  }

  /**
   * Reads what is left from before; it is pending, and so drained first. Throws `ConfigurationError` for a directory that
   * cannot be written and for files of a newer version; a disk that is full is a fault, which draining may mend.
   */
  static async start(
    options: FileJournalOptions,
  ): Promise<{ journal: FileJournal; interrupted: number; settled: number }> {
    openDirectory(options.directory)
    const replay = await readSegments(options.directory, options.log)
    const journal = new FileJournal(options, replay.files)
    for (const record of [...replay.settled, ...replay.interrupted]) journal.#push(record, [], true)
    journal.#replayedCount = journal.#pending.length
    if (journal.#replayedCount === 0) journal.#replayedFiles.retire()
    journal.#probe()
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
    const { record } = opening
    let segment: Segment
    try {
      segment = this.#append('open', record)
    } catch (error) {
      throw new JournalUnavailable(
        `The journal cannot be written (${reasonOf(error)}). An administrator should look at the disk of the data directory.`,
      )
    }
    const running = this.#running.get(record.requestId)
    if (running === undefined) {
      this.#running.set(record.requestId, { record, segments: [segment] })
    } else {
      running.record = record
      running.segments = [...running.segments, segment]
    }
  }

  async settle(record: UsageRecord): Promise<void> {
    let segment: Segment | undefined
    try {
      segment = this.#append('done', record)
    } catch {
      // Without a line on disk, only the commit in Postgres is a promise that can be kept.
    }
    // Looked up now: making room for the line may have moved the opening.
    const opened = this.#running.get(record.requestId)?.segments ?? []
    this.#running.delete(record.requestId)
    const pending = this.#push(record, segment === undefined ? opened : [...opened, segment], false)
    if (segment !== undefined && this.#options.durability === 'journal') {
      try {
        await this.#group.wait(segment)
        return
      } catch {
        // As above: the line may be on disk or not.
      }
    }
    await pending.committed
  }

  state(): JournalState {
    return {
      bytes: this.#replayedFiles.bytes() + this.#files.bytes(),
      bytesMax: this.#options.bytesMax,
      fault: this.#writeFault ?? this.#syncFault,
    }
  }

  putAside(): PutAside {
    return this.#putAside.count()
  }

  pending(recordsMax: number): readonly PendingRecord[] {
    return this.#pending.slice(0, recordsMax)
  }

  pendingCount(): number {
    return this.#pending.length
  }

  replayedCount(): number {
    return this.#replayedCount
  }

  drained(count: number): void {
    for (const entry of this.#pending.splice(0, count)) {
      if (entry.replayed) this.#replayedCount -= 1
      for (const segment of entry.segments) this.#files.release(segment)
      entry.commit()
    }
    if (this.#pending.length === 0) this.#files.turnIfIdle()
    if (this.#replayedCount === 0) this.#replayedFiles.retire()
  }

  reject(): void {
    const [entry] = this.#pending
    if (entry === undefined) return
    this.#putAside.reject(entry.record)
    this.drained(1)
  }

  onPending(listener: () => void): void {
    this.#onPending = listener
  }

  close(): void {
    clearInterval(this.#watch)
    this.#files.close()
  }

  #push(record: UsageRecord, segments: readonly Segment[], replayed: boolean): Pending {
    const { promise, resolve } = Promise.withResolvers<void>()
    const pending: Pending = { record, replayed, segments, committed: promise, commit: resolve }
    this.#pending.push(pending)
    this.#onPending()
    return pending
  }

  #append(kind: JournalKind, record: UsageRecord): Segment {
    try {
      if (this.#files.turnIfFull()) this.#unpin()
      const segment = this.#files.writable()
      segment.append(encodeLine(kind, record))
      segment.pending += 1
      this.#writeFault = undefined
      return segment
    } catch (error) {
      if (this.#writeFault === undefined) {
        this.#options.log.error(
          { err: error },
          'the journal cannot be written: answers wait for the database',
        )
      }
      this.#writeFault = reasonOf(error)
      throw error
    }
  }

  #synced(segment: Segment, error: Error | undefined): void {
    if (error === undefined) {
      this.#syncFault = undefined
      return
    }
    // The kernel says it once: a second `fdatasync` of the same file may succeed with the lines lost.
    segment.broken = true
    if (this.#syncFault === undefined) {
      this.#options.log.error(
        { err: error },
        'the journal cannot be forced to disk: answers wait for the database',
      )
    }
    this.#syncFault = reasonOf(error)
  }

  #lookAfterFiles(): void {
    if (this.#writeFault !== undefined || this.#syncFault !== undefined) this.#probe()
    this.#rewriteVanished()
  }

  /** A service that is not ready gets no requests to find out with that its disk has room again. */
  #probe(): void {
    try {
      this.#files.writable().probe(probeBytes)
      this.#writeFault = undefined
      if (this.#syncFault !== undefined) this.#group.wait(this.#files.writable()).catch(() => {})
    } catch (error) {
      this.#writeFault = reasonOf(error)
    }
  }

  #rewriteVanished(): void {
    for (const segment of this.#files.list()) {
      if (segment.pending === 0 || !segment.vanished()) continue
      if (!segment.broken) {
        this.#options.log.error(
          { path: segment.path },
          'a journal file vanished; its records are written again',
        )
      }
      segment.broken = true
      this.#rewrite(segment)
    }
  }

  /**
   * A request that takes an hour would keep the file of its opening for an hour, and each file with one such request
   * counts whole. Whenever a new file is begun, such openings of the oldest one are written again, so that it can go.
   */
  #unpin(): void {
    const old = this.#files.list().slice(0, -segmentsKept)
    if (this.#moving || old.length === 0 || this.#pending.length > unpinPendingMax) return
    const awaited = new Set(this.#pending.flatMap((entry) => entry.segments))
    const pinned = old.find((segment) => !awaited.has(segment))
    if (pinned !== undefined) this.#rewrite(pinned)
  }

  #rewrite(segment: Segment): void {
    this.#moving = true
    try {
      moveLines({
        from: segment,
        opened: this.#running.values(),
        settled: this.#pending,
        append: (kind, record) => this.#append(kind, record),
        release: (done) => this.#files.release(done),
      })
    } catch {
      // The fault is noted. What was not moved counts where it is, and is moved when its turn comes again.
    } finally {
      this.#moving = false
    }
  }
}

const segmentsInBound = 16
/** Files that may be kept by requests that take long. */
const segmentsKept = 4
/** With more than this the drainer is behind, and files go when it has caught up. */
const unpinPendingMax = 10_000
const watchMs = 1_000
/** More than any line has. */
const probeBytes = 65_536

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
