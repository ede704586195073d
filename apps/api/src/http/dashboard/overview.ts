import { z } from 'zod'
import { reportOverview } from '../../domain/administration/report-overview.ts'
import { actorOf, type DashboardApp, type UseServices } from './app.ts'
import { showGrant } from './grant-view.ts'
import { failures, isoTime, uuid } from './schemas/common.ts'
import { grant } from './schemas/grant.ts'
import { totals, totalsShape } from './schemas/totals.ts'
import { showTotals } from './totals-view.ts'

const overview = z
  .object({
    range: z.enum(['24h', '7d', '30d']),
    from: isoTime,
    to: isoTime,
    timeZone: z.string(),
    currency: z.string(),
    bucket: z.enum(['hour', 'day']),
    buckets: z.array(isoTime).describe('Start of every bucket of the range, in order, empty ones included.'),
    totals,
    previous: totals.describe('The same length just before.'),
    series: z
      .array(z.object({ bucket: isoTime, model: z.string(), ...totalsShape }))
      .describe('The six models with the most tokens and "other"; buckets without use are left out.'),
    providers: z
      .array(z.object({ provider: z.string(), totals, grants: z.array(grant) }))
      .describe('Every provider with an account.'),
    teams: z
      .array(z.object({ id: uuid, team: z.string(), ...totalsShape }))
      .describe('The five with the most tokens.'),
    live: z.object({
      inFlight: z.int().describe('Requests that run at this moment.'),
      heldTokens: z.int().describe('Tokens held for them.'),
      requestsLastMinute: z.int(),
    }),
    alerts: z
      .array(
        z.object({
          kind: z.enum([
            'grant-expiring',
            'grant-low',
            'quota-near',
            'quota-passed',
            'books-differ',
            'rejected-records',
            'job-failed',
            'account-state',
            'spill',
          ]),
          severity: z.enum(['warning', 'critical']),
          params: z
            .record(z.string(), z.union([z.string(), z.number(), z.null()]))
            .describe('What the sentence is made of.'),
        }),
      )
      .describe('Most urgent first.'),
  })
  .meta({ id: 'Overview' })

export function overviewRoutes(app: DashboardApp, use: UseServices): void {
  app.get(
    '/api/overview',
    {
      config: { access: 'usage.read' },
      schema: {
        operationId: 'getOverview',
        summary: 'Everything the overview page shows, in one call',
        description: 'Made to be polled every second or two.',
        tags: ['usage'],
        querystring: z.strictObject({ range: z.enum(['24h', '7d', '30d']).default('24h') }),
        response: { 200: overview, ...failures },
      },
    },
    async (request): Promise<z.output<typeof overview>> => {
      const services = use()
      const found = await reportOverview(services, actorOf(request), request.query.range)
      return {
        range: request.query.range,
        from: found.range.from.toISOString(),
        to: found.range.to.toISOString(),
        timeZone: services.timeZone,
        currency: services.currency,
        bucket: found.bucket,
        buckets: found.buckets.map((start) => start.toISOString()),
        totals: showTotals(found.totals),
        previous: showTotals(found.previous),
        series: found.series.map(({ bucket, model, totals: sums }) => ({
          bucket,
          model,
          ...showTotals(sums),
        })),
        providers: found.providers.map((entry) => ({
          provider: entry.provider,
          totals: showTotals(entry.totals),
          grants: entry.grants.map(showGrant),
        })),
        teams: found.teams.map(({ id, team, totals: sums }) => ({ id, team, ...showTotals(sums) })),
        live: { ...found.live },
        alerts: found.alerts.map((alert) => ({ ...alert, params: { ...alert.params } })),
      }
    },
  )
}
