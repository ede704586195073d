import { sql, type Db } from '../../ports/database.ts'
import { jobSchedule } from '../jobs/recurring-jobs.ts'

/** What the service has found out about itself that a person should look at. */
export interface BooksState {
  /** The latest run of each job that is over. */
  readonly runs: readonly {
    readonly name: string
    readonly failed: boolean
    readonly error: string | null
    /** Of `verify-books`: how many sums are not what the records say, and the first of them. */
    readonly differences: number
    readonly subject: string | null
    readonly message: string | null
  }[]
  /** Of each process that has some: what its journal could not get into the database. */
  readonly putAside: readonly {
    readonly host: string
    readonly directory: string
    readonly rejectedRecords: number
    readonly damagedFiles: number
  }[]
}

export const noBooksState: BooksState = { runs: [], putAside: [] }

/** Processes say hourly what they have put aside; one that has said nothing for so long is gone, with its disk. */
const putAsideHours = 24

export async function readBooksState(db: Db): Promise<BooksState> {
  const names = jobSchedule.map(({ name }) => name)
  const [runs, putAside] = await Promise.all([
    db.$queryRaw<BooksState['runs'][number][]>(sql`
      select distinct on (name) name, status = 'failed' as failed, error,
        case when name = 'verify-books' then coalesce((result ->> 'differences')::int, 0) else 0 end as differences,
        result #>> '{findings,0,subject}' as subject, result #>> '{findings,0,message}' as message
      from job_run where name = any(${names}::text[]) and status in ('ok', 'failed')
      order by name, started_at desc`),
    db.$queryRaw<BooksState['putAside'][number][]>(sql`
      select value ->> 'host' as host, value ->> 'directory' as directory,
        (value ->> 'rejectedRecords')::int as "rejectedRecords", (value ->> 'damagedFiles')::int as "damagedFiles"
      from setting
      where name like 'putAside %' and updated_at > now() - make_interval(hours => ${putAsideHours}::int)
      order by name`),
  ])
  return { runs, putAside }
}
