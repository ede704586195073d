import { join } from 'node:path'
import type { Logger } from '../../ports/logger.ts'
import { segmentName } from './read-segments.ts'
import { Segment } from './segment.ts'

/** A drained file does not lie about until it is full: at a quiet moment one larger than this is done with. */
const idleBytes = 1_048_576

/** The segments of this run: one that is written to, and full ones until all in them is in Postgres. */
export class SegmentFiles {
  readonly #directory: string
  readonly #segmentBytes: number
  readonly #header: string
  readonly #log: Logger
  readonly #segments = new Set<Segment>()
  #current: Segment | undefined
  #next: number

  constructor(options: {
    readonly directory: string
    readonly segmentBytes: number
    readonly header: string
    /** Number of the first file. */
    readonly first: number
    readonly log: Logger
  }) {
    this.#directory = options.directory
    this.#segmentBytes = options.segmentBytes
    this.#header = options.header
    this.#next = options.first
    this.#log = options.log
  }

  /** Whether the next line goes to a new file. Throws what the disk says. */
  turnIfFull(): boolean {
    const before = this.#current
    return this.writable() !== before
  }

  /** Where the next line goes. Throws what the disk says when that is a new file. */
  writable(): Segment {
    const current = this.#current
    if (current !== undefined && current.bytes < this.#segmentBytes && !current.broken) return current
    const path = join(this.#directory, segmentName(this.#next))
    // Counted first: a file that could be made and not removed again must not be in the way for ever.
    this.#next += 1
    const made = new Segment(path, this.#header)
    this.#segments.add(made)
    this.#sealCurrent()
    this.#current = made
    return made
  }

  /** One line less in the segment is needed. */
  release(segment: Segment): void {
    segment.pending -= 1
    this.#removeIfDone(segment)
  }

  /** On the disk, as far as it is not wholly in Postgres. */
  bytes(): number {
    let bytes = 0
    for (const segment of this.#segments) if (segment.pending > 0) bytes += segment.bytes
    return bytes
  }

  turnIfIdle(): void {
    if (this.#current?.pending === 0 && this.#current.bytes > idleBytes) this.#sealCurrent()
  }

  /** Oldest first, the one that is written to last. */
  list(): readonly Segment[] {
    return [...this.#segments]
  }

  close(): void {
    this.#sealCurrent()
    for (const segment of this.#segments) segment.close()
  }

  #sealCurrent(): void {
    const full = this.#current
    if (full === undefined) return
    this.#current = undefined
    full.seal()
    this.#removeIfDone(full)
  }

  #removeIfDone(segment: Segment): void {
    try {
      if (segment.removeIfDone()) this.#segments.delete(segment)
    } catch (error) {
      // What is in it is in Postgres; the next start reads it again, which changes nothing, and removes it.
      this.#segments.delete(segment)
      this.#log.warn({ err: error, path: segment.path }, 'a journal file cannot be removed')
    }
  }
}
