import { closeSync, fdatasync, openSync, unlinkSync, writeSync } from 'node:fs'

/** One file of the journal, and what in it is not yet in Postgres. */
export class Segment {
  readonly path: string
  readonly #fd: number
  /** Openings and settlements in this file whose request is not drained. */
  pending = 0
  bytes = 0
  #sealed = false
  #closed = false
  #syncs = 0

  constructor(path: string) {
    this.path = path
    // `ax`: a segment is never reopened, so what is in it was written by one process in one order.
    this.#fd = openSync(path, 'ax', 0o600)
  }

  /** Throws what the disk says; the caller then turns to a new segment, since this one may end in half a line. */
  append(line: string): void {
    const length = Buffer.byteLength(line)
    const written = writeSync(this.#fd, line)
    this.bytes += written
    if (written !== length) throw new Error(`wrote ${written} of ${length} bytes`)
  }

  /** Resolves at once for a file that is gone: all that was in it is in Postgres. */
  sync(): Promise<void> {
    if (this.#closed) return Promise.resolve()
    this.#syncs += 1
    return new Promise((resolve, reject) => {
      fdatasync(this.#fd, (error) => {
        this.#syncs -= 1
        if (this.#closed && this.#syncs === 0) closeSync(this.#fd)
        if (error === null) resolve()
        else reject(error)
      })
    })
  }

  seal(): void {
    this.#sealed = true
  }

  /** Removes the file when nothing in it is needed any more. */
  removeIfDone(): boolean {
    if (!this.#sealed || this.pending > 0 || this.#closed) return false
    this.close()
    unlinkSync(this.path)
    return true
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    // A number that is closed under a running `fdatasync` may be another file's by the time the kernel looks.
    if (this.#syncs === 0) closeSync(this.#fd)
  }
}
