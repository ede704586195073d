import { z } from 'zod'
import { listJobs, type JobView } from '../../domain/jobs/list-jobs.ts'
import { triggerJob } from '../../domain/jobs/trigger-job.ts'
import { actorOf, type DashboardApp, type UseServices } from './app.ts'
import { failures, isoTime, list } from './schemas/common.ts'

const job = z
  .object({
    name: z.string().describe('E.g. `verify-books`.'),
    cron: z.string().describe("When it runs: five fields of cron in the installation's time zone."),
    lastRun: z
      .object({
        startedAt: isoTime,
        endedAt: isoTime.nullable(),
        status: z.enum(['running', 'ok', 'failed']),
        figures: z
          .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
          .describe('What the run did, e.g. {"swept": 3}.'),
        findings: z
          .array(z.object({ subject: z.string(), message: z.string() }))
          .describe('What a person should look at; the first hundred.'),
        error: z.string().nullable(),
      })
      .nullable()
      .describe('Null: it never ran.'),
    lastSuccessAt: isoTime.nullable().describe('When the latest run that went well ended.'),
  })
  .meta({ id: 'Job' })

const tags = ['jobs']

export function jobRoutes(app: DashboardApp, use: UseServices): void {
  app.get(
    '/api/jobs',
    {
      config: { access: 'jobs.read' },
      schema: {
        operationId: 'listJobs',
        summary: 'Recurring work in the background, and how it went last',
        tags,
        response: { 200: list(job), ...failures },
      },
    },
    async () => ({ data: (await listJobs(use())).map(showJob) }),
  )

  app.post(
    '/api/jobs/:name/runs',
    {
      config: { access: 'jobs.run' },
      schema: {
        operationId: 'runJob',
        summary: 'Run a job now',
        description:
          'Answers when the run is in the queue. One that waits there already is the one that is meant.',
        tags,
        params: z.object({ name: z.string().max(100) }),
        response: { 202: z.object({ name: z.string() }), ...failures },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      await triggerJob(use(), actorOf(request), name)
      return reply.code(202).send({ name })
    },
  )
}

function showJob({ name, cron, lastRun, lastSuccessAt }: JobView): z.output<typeof job> {
  return {
    name,
    cron,
    lastRun:
      lastRun === undefined
        ? null
        : {
            startedAt: lastRun.startedAt.toISOString(),
            endedAt: lastRun.endedAt?.toISOString() ?? null,
            status: lastRun.status,
            figures: { ...lastRun.figures },
            findings: lastRun.findings.map((finding) => ({ ...finding })),
            error: lastRun.error ?? null,
          },
    lastSuccessAt: lastSuccessAt?.toISOString() ?? null,
  }
}
