import { z } from 'zod'
import { deleteQuota } from '../../domain/administration/delete-quota.ts'
import { findTeam } from '../../domain/administration/list-teams.ts'
import { setQuota } from '../../domain/administration/set-quota.ts'
import { updateQuota } from '../../domain/administration/update-quota.ts'
import { actorOf, type DashboardApp, type UseServices } from './app.ts'
import { showQuota } from './quota-view.ts'
import { failures, list, noContent, uuid } from './schemas/common.ts'
import { quota, quotaInput, quotaPatch } from './schemas/quota.ts'

const tags = ['quotas']
const teamParams = z.object({ name: z.string() })
const params = z.object({ id: uuid })

export function quotaRoutes(app: DashboardApp, use: UseServices): void {
  app.get(
    '/api/teams/:name/quotas',
    {
      config: { access: 'teams.read' },
      schema: {
        operationId: 'listQuotas',
        summary: 'Quotas of a team, its members and keys: limit, settled, held, left',
        description: 'The figures that requests are judged by at this moment.',
        tags,
        params: teamParams,
        response: { 200: list(quota), ...failures },
      },
    },
    async (request) => {
      const team = await findTeam(use(), actorOf(request), request.params.name)
      return { data: team.quotas.map(showQuota) }
    },
  )

  app.post(
    '/api/teams/:name/quotas',
    {
      config: { access: 'quotas.write' },
      schema: {
        operationId: 'createQuota',
        summary: 'Limit a team, a member or a key',
        description: 'In force when this answers. What was used before in the running window counts.',
        tags,
        params: teamParams,
        body: quotaInput,
        response: { 201: quota, ...failures },
      },
    },
    async (request, reply) => {
      const created = await setQuota(use(), actorOf(request), request.params.name, request.body)
      return reply.code(201).send(showQuota(created))
    },
  )

  app.patch(
    '/api/quotas/:id',
    {
      config: { access: 'quotas.write' },
      schema: {
        operationId: 'updateQuota',
        summary: 'Change a limit',
        tags,
        params,
        body: quotaPatch,
        response: { 200: quota, ...failures },
      },
    },
    async (request) => showQuota(await updateQuota(use(), actorOf(request), request.params.id, request.body)),
  )

  app.delete(
    '/api/quotas/:id',
    {
      config: { access: 'quotas.write' },
      schema: {
        operationId: 'deleteQuota',
        summary: 'Take a limit away',
        tags,
        params,
        response: { 204: noContent, ...failures },
      },
    },
    async (request, reply) => {
      await deleteQuota(use(), actorOf(request), request.params.id)
      return reply.code(204).send(null)
    },
  )
}
