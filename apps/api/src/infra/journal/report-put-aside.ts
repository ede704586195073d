import type pg from 'pg'
import type { PutAside } from '../../ports/journal.ts'
import type { Logger } from '../../ports/logger.ts'

const lookMs = 30_000
/** Said again this often, so that a row of a machine that is gone can be told by its age. */
const sayAgainMs = 3_600_000

export interface PutAsideOptions {
  readonly pool: pg.Pool
  readonly count: () => PutAside
  readonly host: string
  readonly directory: string
  readonly log: Logger
}

/**
 * Tells all processes, by a row of `setting`, what lies in the journal's directory of this one for a person to look at:
 * any of them may be the one that shows the alerts. Read by domain/administration/read-books-state.ts. The row goes
 * when the files have been dealt with.
 */
export class PutAsideReport {
  readonly #options: PutAsideOptions
  readonly #timer: NodeJS.Timeout
  #said = ''
  #saidAtMs = 0

  constructor(options: PutAsideOptions) {
    this.#options = options
    this.#timer = setInterval(() => void this.look(), lookMs).unref()
    void this.look()
  }

  async look(): Promise<void> {
    const { pool, count, host, directory, log } = this.#options
    try {
      const found = count()
      const text = JSON.stringify(found)
      if (text === this.#said && performance.now() - this.#saidAtMs < sayAgainMs) return
      const name = `putAside ${host} ${directory}`
      if (found.rejectedRecords + found.damagedFiles === 0) {
        await pool.query('delete from setting where name = $1', [name])
      } else {
        await pool.query(saySql, [name, JSON.stringify({ host, directory, ...found })])
      }
      this.#said = text
      this.#saidAtMs = performance.now()
    } catch (error) {
      log.warn({ err: error }, 'what the journal has put aside could not be reported')
    }
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}

const saySql = `
insert into setting (name, value, updated_at) values ($1, $2, now())
on conflict (name) do update set value = excluded.value, updated_at = now()`
