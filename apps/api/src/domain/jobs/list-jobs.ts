import type { Db } from '../../ports/database.ts'
import type { JobFinding } from '../../ports/jobs.ts'
import { jobSchedule } from './recurring-jobs.ts'

export interface JobView {
  readonly name: string
  readonly cron: string
  /** The latest one, running or over. */
  readonly lastRun: JobRunView | undefined
  /** When the latest one that went well ended. */
  readonly lastSuccessAt: Date | undefined
}

export interface JobRunView {
  readonly startedAt: Date
  readonly endedAt: Date | undefined
  readonly status: 'running' | 'ok' | 'failed'
  /** Figures and texts, e.g. `{ "swept": 3 }`. */
  readonly figures: Readonly<Record<string, string | number | boolean>>
  readonly findings: readonly JobFinding[]
  readonly error: string | undefined
}

/** Every recurring job and how it went last. */
export async function listJobs(services: { readonly db: Db }): Promise<readonly JobView[]> {
  const { db } = services
  return Promise.all(
    jobSchedule.map(async ({ name, cron }) => {
      const latest = { orderBy: { startedAt: 'desc' } } as const
      const [run, success] = await Promise.all([
        db.jobRun.findFirst({ where: { name }, ...latest }),
        db.jobRun.findFirst({ where: { name, status: 'ok' }, ...latest }),
      ])
      return {
        name,
        cron,
        lastRun:
          run === null
            ? undefined
            : {
                startedAt: run.startedAt,
                endedAt: run.endedAt ?? undefined,
                status: readStatus(run.status),
                ...readResult(run.result),
                error: run.error ?? undefined,
              },
        lastSuccessAt: success?.endedAt ?? undefined,
      }
    }),
  )
}

function readStatus(status: string): JobRunView['status'] {
  return status === 'ok' || status === 'running' ? status : 'failed'
}

function readResult(result: unknown): Pick<JobRunView, 'figures' | 'findings'> {
  const entries = typeof result === 'object' && result !== null ? Object.entries(result) : []
  const figures: Record<string, string | number | boolean> = {}
  const findings: JobFinding[] = []
  for (const [name, value] of entries as readonly [string, unknown][]) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      figures[name] = value
    else if (Array.isArray(value)) findings.push(...value.filter(isFinding))
  }
  return { figures, findings }
}

function isFinding(value: unknown): value is JobFinding {
  return (
    typeof value === 'object' &&
    value !== null &&
    'subject' in value &&
    typeof value.subject === 'string' &&
    'message' in value &&
    typeof value.message === 'string'
  )
}
