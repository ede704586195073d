import { join } from 'node:path'
import type { Logger } from '../../ports/logger.ts'
import type { PutAsideFolder } from './put-aside.ts'
import type { ReplayedFile } from './read-segments.ts'
import { unlinkIfThere } from './segment.ts'

/** The files of earlier runs, until all that could be read in them is in Postgres. */
export class ReplayedFiles {
  readonly #directory: string
  readonly #putAside: PutAsideFolder
  readonly #log: Logger
  #files: readonly ReplayedFile[]

  constructor(directory: string, files: readonly ReplayedFile[], putAside: PutAsideFolder, log: Logger) {
    this.#directory = directory
    this.#files = files
    this.#putAside = putAside
    this.#log = log
  }

  bytes(): number {
    return this.#files.reduce((sum, file) => sum + file.bytes, 0)
  }

  /** What was read is in Postgres: they go, but for damaged ones, in which a person may read more than we can. */
  retire(): void {
    for (const { name, damaged } of this.#files) {
      const path = join(this.#directory, name)
      try {
        if (damaged)
          this.#log.error({ path: this.#putAside.keep(name) }, 'a damaged journal file was put aside')
        else unlinkIfThere(path)
      } catch (error) {
        // Read again at the next start, which changes nothing.
        this.#log.warn({ err: error, path }, 'a journal file of an earlier run cannot be removed')
      }
    }
    this.#files = []
  }
}
