import { z } from 'zod'
import { reportUsage, usageDimensions, type UsageGroup } from '../../domain/administration/report-usage.ts'
import { actorOf, type DashboardApp, type UseServices } from './app.ts'
import { failures, isoTime } from './schemas/common.ts'
import { totals, totalsShape } from './schemas/totals.ts'
import { showTotals } from './totals-view.ts'

const value = z.string().nullable().optional()

const group = z
  .object({
    key: z.string().describe('The values of the dimensions, joined by "|"; ids where things have ids.'),
    label: z.string().describe('The same for people.'),
    team: value.describe('Name.'),
    teamId: value,
    keyName: value,
    keyId: value,
    model: value,
    provider: value,
    account: value.describe('Name.'),
    accountId: value,
    grant: value.describe('Name; null: nothing free paid for it.'),
    grantId: value,
    status: value,
    hour: value.describe('Start of the hour, UTC.'),
    day: value.describe("Start of the day in the installation's time zone, as a time in UTC."),
    ...totalsShape,
  })
  .meta({ id: 'UsageGroup' })

const report = z
  .object({
    from: isoTime,
    to: isoTime.describe('Exclusive.'),
    timeZone: z.string(),
    currency: z.string(),
    totals,
    previous: totals.optional().describe('The same length just before; only with compare=true.'),
    groups: z.array(group).describe('Times in order, else the most tokens first.'),
    truncated: z.boolean().describe('There were more than 10,000 groups.'),
  })
  .meta({ id: 'UsageReport' })

const dimension = z.enum(usageDimensions)

export const filterQuery = {
  team: z.string().optional().describe('Name of a team.'),
  key: z.string().optional().describe('Id or name of a key.'),
  model: z.string().optional().describe('Model name as clients asked for it.'),
  provider: z.string().optional(),
  account: z.string().optional().describe('Name of an account.'),
}

export function usageRoutes(app: DashboardApp, use: UseServices): void {
  app.get(
    '/api/usage',
    {
      config: { access: 'usage.read' },
      schema: {
        operationId: 'getUsage',
        summary: 'What was used and what it cost, in total and by dimension',
        description:
          "True to the last finished request. `range` 24h is the running hour and the 23 before it; 7d and 30d are today and the days before it in the installation's time zone; `from` and `to` are exact.",
        tags: ['usage'],
        querystring: z
          .strictObject({
            range: z.enum(['24h', '7d', '30d', 'all']).optional().describe('Default 30d; not with `from`.'),
            from: z.string().optional().describe('ISO 8601 time with offset, or a date.'),
            to: z.string().optional().describe('Exclusive. Default: now.'),
            groupBy: z
              .string()
              .transform((text) => text.split(',').map((part) => part.trim()))
              .pipe(z.array(dimension).min(1).max(2))
              .optional()
              .describe(`One of ${usageDimensions.join(', ')}, or two separated by a comma.`),
            compare: z.stringbool().optional().describe('`true`: also the sums of the same length before.'),
            ...filterQuery,
          })
          .refine((query) => query.from !== undefined || query.to === undefined, {
            path: ['to'],
            message: 'needs `from` as well',
          })
          .refine((query) => query.from === undefined || query.range === undefined, {
            path: ['range'],
            message: 'send either `range` or `from` and `to`',
          }),
        response: { 200: report, ...failures },
      },
    },
    async (request) => {
      const services = use()
      const { range, from, to, groupBy, compare, team, key, model, provider, account } = request.query
      const found = await reportUsage(services, actorOf(request), {
        range,
        from,
        to,
        groupBy: [...new Set(groupBy ?? [])],
        compare: compare ?? false,
        filter: { team, key, model, provider, account },
      })
      return {
        from: found.range.from.toISOString(),
        to: found.range.to.toISOString(),
        timeZone: services.timeZone,
        currency: services.currency,
        totals: showTotals(found.totals),
        ...(found.previous === undefined ? {} : { previous: showTotals(found.previous) }),
        groups: found.groups.map(showGroup),
        truncated: found.truncated,
      }
    },
  )
}

function showGroup(found: UsageGroup): z.output<typeof group> {
  const dimensions: Record<string, string | null> = {}
  for (const { dimension: name, value: text, label } of found.values) {
    const shown = text === undefined ? null : label
    switch (name) {
      case 'key':
        dimensions['keyId'] = text ?? null
        dimensions['keyName'] = shown
        break
      case 'team':
      case 'account':
      case 'grant':
        dimensions[name] = shown
        dimensions[`${name}Id`] = text ?? null
        break
      default:
        dimensions[name] = text ?? null
    }
  }
  return {
    key: found.values.map(({ value: text }) => text ?? 'none').join('|'),
    label: found.values.map(({ label }) => label).join(' · '),
    ...dimensions,
    ...showTotals(found.totals),
  }
}
