import {
  closeSync,
  fdatasync,
  fstatSync,
  fsync,
  ftruncateSync,
  open,
  openSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** One file of the journal, and what in it is not yet in Postgres. */
export class Segment {
  readonly path: string
  readonly #fd: number
  /** Openings and settlements in this file whose request is not drained. */
  pending = 0
  bytes = 0
  /** The file cannot be brought back to whole lines, was not forced to disk, or is gone: the next line needs another. */
  broken = false
  #sealed = false
  #closed = false
  #syncs = 0
  #entered: Promise<void> | undefined

  /** Throws what the disk says. */
  constructor(path: string, header: string) {
    this.path = path
    // `ax`: a segment is never reopened, so what is in it was written by one process in one order.
    this.#fd = openSync(path, 'ax', 0o600)
    try {
      this.append(header)
    } catch (error) {
      this.close()
      this.#unlink()
      throw error
    }
  }

  /** Throws what the disk says; the file then ends where it ended before, or the segment is `broken`. */
  append(line: string): void {
    try {
      const written = writeSync(this.#fd, line)
      const length = Buffer.byteLength(line)
      // A disk that fills up takes a part first; what it says about the rest is the reason.
      if (written < length) this.#appendRest(Buffer.from(line).subarray(written))
      this.bytes += length
    } catch (error) {
      this.#cutBack()
      throw error
    }
  }

  /** Throws for as long as the disk would not take so much; nothing is left of it. */
  probe(bytes: number): void {
    try {
      this.#appendRest(Buffer.alloc(bytes, ' '))
    } finally {
      this.#cutBack()
    }
  }

  /** Resolves at once for a file that is gone: all that was in it is in Postgres. */
  async sync(): Promise<void> {
    if (this.#closed) return
    this.#entered ??= enterInDirectory(this.path)
    await Promise.all([this.#entered, this.#syncFile()])
  }

  /** Somebody removed the file: what is written to it is on no disk after a crash. */
  vanished(): boolean {
    return !this.#closed && fstatSync(this.#fd).nlink === 0
  }

  seal(): void {
    this.#sealed = true
  }

  /** Removes the file when nothing in it is needed any more. Throws what the disk says. */
  removeIfDone(): boolean {
    if (!this.#sealed || this.pending > 0 || this.#closed) return false
    this.close()
    this.#unlink()
    return true
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    // A number that is closed under a running `fdatasync` may be another file's by the time the kernel looks.
    if (this.#syncs === 0) closeSync(this.#fd)
  }

  #appendRest(bytes: Buffer): void {
    for (let done = 0; done < bytes.length;) done += writeSync(this.#fd, bytes, done)
  }

  #cutBack(): void {
    try {
      ftruncateSync(this.#fd, this.bytes)
    } catch {
      this.broken = true
    }
  }

  #syncFile(): Promise<void> {
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

  #unlink(): void {
    unlinkIfThere(this.path)
  }
}

/** `false`: somebody else has removed it. */
export function unlinkIfThere(path: string): boolean {
  try {
    unlinkSync(path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

/** A file whose name is not on disk is lost at a power cut, however well its content was forced there. */
function enterInDirectory(path: string): Promise<void> {
  // There a directory cannot be opened, and names are written with their files.
  if (process.platform === 'win32') return Promise.resolve()
  return new Promise((resolve, reject) => {
    open(dirname(path), 'r', (openError, fd) => {
      if (openError !== null) return reject(openError)
      fsync(fd, (error) => {
        closeSync(fd)
        if (error === null) resolve()
        else reject(error)
      })
    })
  })
}
