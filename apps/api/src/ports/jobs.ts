/**
 * Work that recurs, done by one process at a time of all that share the books: BullMQ on Redis in distributed mode,
 * pg-boss on PostgreSQL otherwise. A job carries no facts, only its name: what there is to do is in the database, so
 * that a lost or doubled run costs time and nothing else.
 */
export interface Jobs {
  /** Makes the jobs recur and, unless this process only asks for them, runs them when their time comes. */
  start(jobs: readonly RecurringJob[]): Promise<void>
  /** Puts one more run in the queue, now. Rejects for a name that was not started. */
  trigger(name: string): Promise<void>
  /** Lets a running job end, within the limit. */
  stop(timeoutMs: number): Promise<void>
}

export interface RecurringJob {
  /** `kebab-case`, unique. */
  readonly name: string
  /** Five fields of cron, in the service's time zone; a minute is the shortest step. */
  readonly cron: string
  /** What it found or did, for the log and `job_run`; throws when it failed, and is tried again at its next time. */
  readonly run: (signal: AbortSignal) => Promise<JobResult>
}

/** Plain figures and texts that say what a run did, e.g. `{ "swept": 3 }`. */
export type JobResult = Readonly<Record<string, string | number | boolean | readonly JobFinding[]>>

/** Something a person should look at. */
export interface JobFinding {
  readonly subject: string
  readonly message: string
}
