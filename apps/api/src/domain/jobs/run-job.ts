import { v7 as uuidv7 } from 'uuid'
import type { Clock } from '../../ports/clock.ts'
import type { Db, JsonObject } from '../../ports/database.ts'
import type { JobFinding, JobResult, RecurringJob } from '../../ports/jobs.ts'
import type { Logger } from '../../ports/logger.ts'

export interface RunJobServices {
  readonly db: Db
  readonly clock: Clock
  readonly log: Logger
}

const runsKept = 200
const findingsKept = 100
const errorLengthMax = 2_000

/**
 * One run with its row in `job_run`, which says `running` until it is over. Rejects when the run failed, so that whoever
 * started it knows, too.
 *
 * A name runs in one process at a time, so a row that still says `running` when the next run begins belongs to a process
 * that died: it is closed as interrupted.
 */
export async function runJob(
  services: RunJobServices,
  job: RecurringJob,
  signal: AbortSignal,
): Promise<JobResult> {
  const { db, clock, log } = services
  const id = uuidv7()
  const startedAt = new Date(clock.now())
  await db.jobRun.updateMany({
    where: { name: job.name, status: 'running' },
    data: { status: 'failed', endedAt: startedAt, error: 'interrupted: the process that ran it ended' },
  })
  await db.jobRun.create({ data: { id, name: job.name, startedAt, status: 'running' } })
  const close = async (data: { status: 'ok' | 'failed'; result?: JsonObject; error?: string }) => {
    await db.jobRun.update({ where: { id }, data: { ...data, endedAt: new Date(clock.now()) } })
    await forgetOldRuns(db, job.name)
  }
  try {
    const result = await job.run(signal)
    await close({ status: 'ok', result: toJson(result) })
    logResult(log, job.name, result)
    return result
  } catch (error) {
    log.error({ job: job.name, err: error }, 'a job failed, and is tried again at its next time')
    const text = error instanceof Error ? error.message : String(error)
    await close({ status: 'failed', error: text.slice(0, errorLengthMax) }).catch((unrecorded: unknown) => {
      log.error({ job: job.name, err: unrecorded }, 'that a job failed could not be recorded')
    })
    throw error
  }
}

/** The same jobs, each run recorded. */
export function recordRuns(services: RunJobServices, jobs: readonly RecurringJob[]): readonly RecurringJob[] {
  return jobs.map((job) => ({ ...job, run: (signal) => runJob(services, job, signal) }))
}

/** Ids are made in the order of time. */
async function forgetOldRuns(db: Db, name: string): Promise<void> {
  const [oldest] = await db.jobRun.findMany({
    where: { name },
    orderBy: { id: 'desc' },
    skip: runsKept - 1,
    take: 1,
    select: { id: true },
  })
  if (oldest !== undefined) await db.jobRun.deleteMany({ where: { name, id: { lt: oldest.id } } })
}

function toJson(result: JobResult): JsonObject {
  return Object.fromEntries(
    Object.entries(result).map(([name, value]) => [
      name,
      isFindings(value)
        ? value.slice(0, findingsKept).map(({ subject, message }) => ({ subject, message }))
        : value,
    ]),
  )
}

/** A run that had nothing to do, every minute, is not worth a line. */
function logResult(log: Logger, name: string, result: JobResult): void {
  const values = Object.values(result)
  const findings = values.filter(isFindings).flat()
  if (findings.length > 0) {
    const shown = Object.fromEntries(Object.entries(result).filter(([, value]) => !isFindings(value)))
    log.warn(
      { job: name, ...shown, findings: findings.slice(0, 10), findingsCount: findings.length },
      'a job found something to look at',
    )
  } else if (values.some((value) => value !== 0 && value !== false && !isFindings(value))) {
    log.info({ job: name, ...result }, 'a job is done')
  }
}

function isFindings(value: JobResult[string]): value is readonly JobFinding[] {
  return typeof value === 'object'
}
