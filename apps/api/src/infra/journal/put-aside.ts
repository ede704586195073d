import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { PutAside } from '../../ports/journal.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'
import { encodeLine } from './journal-line.ts'

const rejectedName = 'rejected.log'
const damagedName = 'damaged'

/**
 * What the books could not take and a person has to look at, in the journal's directory: records that Postgres refuses,
 * and files with lines that cannot be read. Nothing here is ever removed by the service; an alert stands for as long
 * as there is something.
 */
export class PutAsideFolder {
  readonly #directory: string
  #counted: { readonly stamp: string; readonly records: number } | undefined

  constructor(directory: string) {
    this.#directory = directory
  }

  /** On disk when it returns: the journal forgets the record then. Throws what the disk says. */
  reject(record: UsageRecord): void {
    const fd = openSync(join(this.#directory, rejectedName), 'a', 0o600)
    const { size } = fstatSync(fd)
    try {
      const line = Buffer.from(encodeLine('done', record))
      for (let done = 0; done < line.length;) done += writeSync(fd, line, done)
      fsyncSync(fd)
    } catch (error) {
      // It is tried again, and must then not follow half of itself.
      ftruncateSync(fd, size)
      throw error
    } finally {
      closeSync(fd)
    }
  }

  /** Moves a journal file out of the way of the next start. Returns where it is now. */
  keep(name: string): string {
    mkdirSync(join(this.#directory, damagedName), { recursive: true, mode: 0o700 })
    let kept = join(this.#directory, damagedName, name)
    // Numbers begin anew when a journal is empty.
    for (let again = 2; existsSync(kept); again += 1) {
      kept = join(this.#directory, damagedName, name.replace('.journal', `-${again}.journal`))
    }
    renameSync(join(this.#directory, name), kept)
    return kept
  }

  count(): PutAside {
    return { rejectedRecords: this.#rejectedRecords(), damagedFiles: this.#damagedFiles() }
  }

  #rejectedRecords(): number {
    const path = join(this.#directory, rejectedName)
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat === undefined) return 0
    const stamp = `${stat.ino} ${stat.size} ${stat.mtimeMs}`
    if (this.#counted?.stamp !== stamp) {
      const records = readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '').length
      this.#counted = { stamp, records }
    }
    return this.#counted.records
  }

  #damagedFiles(): number {
    try {
      return readdirSync(join(this.#directory, damagedName)).length
    } catch {
      // There is no such folder before there is something to put into it.
      return 0
    }
  }
}
