import { z } from 'zod'
import { createTeam } from '../../domain/administration/create-team.ts'
import { deleteTeam } from '../../domain/administration/delete-team.ts'
import { findTeam, listTeams, type TeamView } from '../../domain/administration/list-teams.ts'
import { updateTeam } from '../../domain/administration/update-team.ts'
import { actorOf, type DashboardApp, type UseServices } from './app.ts'
import { showQuota } from './quota-view.ts'
import {
  displayName,
  failures,
  isoTime,
  modelPatterns,
  noContent,
  origin,
  page,
  pageQuery,
  uuid,
} from './schemas/common.ts'
import { quota, quotaInput } from './schemas/quota.ts'

const onCountersDown = z
  .enum(['refuse', 'allow'])
  .describe(
    'What happens to its requests while the counters cannot be reached: `refuse` answers 503; `allow` lets them go on uncounted until the counters are back, for teams whose quotas are all soft.',
  )

const team = z
  .object({
    id: uuid,
    name: z.string(),
    models: z.array(z.string()).describe('Models its keys may use: names or patterns.'),
    enabled: z.boolean(),
    onCountersDown,
    origin,
    memberCount: z.int(),
    keyCount: z.int().describe('Keys that are not revoked.'),
    quotas: z.array(quota),
    createdAt: isoTime,
  })
  .meta({ id: 'Team' })

const tags = ['teams']
const params = z.object({ name: z.string() })

export function teamRoutes(app: DashboardApp, use: UseServices): void {
  app.get(
    '/api/teams',
    {
      config: { access: 'teams.read' },
      schema: {
        operationId: 'listTeams',
        summary: 'Teams, by name, with their quotas as they stand',
        tags,
        querystring: pageQuery,
        response: { 200: page(team), ...failures },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query
      const found = await listTeams(use(), actorOf(request), { cursor, limit })
      return { data: found.data.map(showTeam), nextCursor: found.nextCursor ?? null }
    },
  )

  app.post(
    '/api/teams',
    {
      config: { access: 'teams.write' },
      schema: {
        operationId: 'createTeam',
        summary: 'Make a team',
        tags,
        body: z.strictObject({
          name: displayName,
          models: modelPatterns.optional().describe('Default: ["*"], every model.'),
          onCountersDown: onCountersDown.optional().describe('Default: `refuse`.'),
          quotas: z.array(quotaInput).max(100).optional(),
        }),
        response: { 201: team, ...failures },
      },
    },
    async (request, reply) =>
      reply.code(201).send(showTeam(await createTeam(use(), actorOf(request), request.body))),
  )

  app.get(
    '/api/teams/:name',
    {
      config: { access: 'teams.read' },
      schema: {
        operationId: 'getTeam',
        summary: 'One team',
        tags,
        params,
        response: { 200: team, ...failures },
      },
    },
    async (request) => showTeam(await findTeam(use(), actorOf(request), request.params.name)),
  )

  app.patch(
    '/api/teams/:name',
    {
      config: { access: 'teams.write' },
      schema: {
        operationId: 'updateTeam',
        summary: 'Rename a team, change its models, or switch it off',
        description: 'The keys of a team that is off are refused until it is on again.',
        tags,
        params,
        body: z.strictObject({
          name: displayName.optional(),
          models: modelPatterns.optional(),
          enabled: z.boolean().optional(),
          onCountersDown: onCountersDown.optional(),
        }),
        response: { 200: team, ...failures },
      },
    },
    async (request) => showTeam(await updateTeam(use(), actorOf(request), request.params.name, request.body)),
  )

  app.delete(
    '/api/teams/:name',
    {
      config: { access: 'teams.write' },
      schema: {
        operationId: 'deleteTeam',
        summary: 'Take a team away, with its members, keys and quotas',
        description: 'Its usage stays in the books under its name.',
        tags,
        params,
        response: { 204: noContent, ...failures },
      },
    },
    async (request, reply) => {
      await deleteTeam(use(), actorOf(request), request.params.name)
      return reply.code(204).send(null)
    },
  )
}

function showTeam(view: TeamView): z.output<typeof team> {
  return {
    id: view.id,
    name: view.name,
    models: [...view.models],
    enabled: view.enabled,
    onCountersDown: view.onCountersDown,
    origin: origin.parse(view.origin),
    memberCount: view.memberCount,
    keyCount: view.keyCount,
    quotas: view.quotas.map(showQuota),
    createdAt: view.createdAt.toISOString(),
  }
}
