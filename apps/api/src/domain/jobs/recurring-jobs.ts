import type { JobResult, RecurringJob } from '../../ports/jobs.ts'

/** What each job does; given by the composition. */
export interface JobVerbs {
  readonly sweepReservations: JobVerb
  readonly expireGrants: JobVerb
  readonly repriceUsage: JobVerb
  readonly keepPartitions: JobVerb
  readonly verifyBooks: JobVerb
}

export type JobVerb = (signal: AbortSignal) => Promise<JobResult>

/** Every job there is, and when it runs: known also to a process that runs none. */
export const jobSchedule = [
  /** Books what processes that are gone left held. */
  { name: 'sweep-reservations', cron: '* * * * *', verb: 'sweepReservations' },
  { name: 'expire-grants', cron: '* * * * *', verb: 'expireGrants' },
  /** Carries prices that were set, or came into force, to requests that are booked at others. */
  { name: 'reprice-usage', cron: '* * * * *', verb: 'repriceUsage' },
  /** Months to come get their partition, months that nobody keeps lose theirs. */
  { name: 'keep-partitions', cron: '7 * * * *', verb: 'keepPartitions' },
  /** Recounts everything from the records, at an hour when little is asked of the database. */
  { name: 'verify-books', cron: '20 3 * * *', verb: 'verifyBooks' },
] as const satisfies readonly { name: string; cron: string; verb: keyof JobVerbs }[]

export function recurringJobs(verbs: JobVerbs): readonly RecurringJob[] {
  return jobSchedule.map(({ name, cron, verb }) => ({ name, cron, run: verbs[verb] }))
}
