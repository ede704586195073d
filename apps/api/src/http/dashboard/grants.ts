import { z } from 'zod'
import { adjustGrant } from '../../domain/administration/adjust-grant.ts'
import { confirmGrant, findGrant } from '../../domain/administration/confirm-grant.ts'
import { deleteGrant } from '../../domain/administration/delete-grant.ts'
import { listGrantEntries } from '../../domain/administration/list-grant-entries.ts'
import { reportGrants } from '../../domain/administration/report-grants.ts'
import { updateGrant } from '../../domain/administration/update-grant.ts'
import { actorOf, type DashboardApp, type UseServices } from './app.ts'
import { showGrant, showGrantEntry } from './grant-view.ts'
import { failures, list, noContent, page, uuid } from './schemas/common.ts'
import { createGrantBody, grant, grantEntry, grantEntryBody, updateGrantBody } from './schemas/grant.ts'

const tags = ['grants']
const params = z.object({ id: uuid })

export function grantRoutes(app: DashboardApp, use: UseServices): void {
  app.get(
    '/api/grants',
    {
      config: { access: 'grants.read' },
      schema: {
        operationId: 'listGrants',
        summary: 'Free quotas: given, used, held, left, and when they run out',
        description:
          'Soonest to expire first. `settled` and `held` are the figures that requests are judged by.',
        tags,
        querystring: z.strictObject({
          account: z.string().optional().describe('Name of an account.'),
          state: grant.shape.state.optional(),
        }),
        response: { 200: page(grant), ...failures },
      },
    },
    async (request) => {
      const { account, state } = request.query
      const reports = await reportGrants(use(), { account })
      const shown = reports.filter((report) => state === undefined || report.state === state)
      return { data: shown.map(showGrant), nextCursor: null }
    },
  )

  app.post(
    '/api/grants',
    {
      config: { access: 'grants.write' },
      schema: {
        operationId: 'createGrant',
        summary: 'Confirm a free quota of an account',
        description:
          'From then on it is spent first where the policy says so, and guarded against spilling over.',
        tags,
        body: createGrantBody,
        response: { 201: grant, ...failures },
      },
    },
    async (request, reply) =>
      reply.code(201).send(showGrant(await confirmGrant(use(), actorOf(request), request.body))),
  )

  app.get(
    '/api/grants/:id',
    {
      config: { access: 'grants.read' },
      schema: {
        operationId: 'getGrant',
        summary: 'One free quota',
        tags,
        params,
        response: { 200: grant, ...failures },
      },
    },
    async (request) => showGrant(await findGrant(use(), request.params.id)),
  )

  app.patch(
    '/api/grants/:id',
    {
      config: { access: 'grants.write' },
      schema: {
        operationId: 'updateGrant',
        summary: 'Change what a free quota is for and when it holds',
        description: 'Its size changes by entries only, its unit never.',
        tags,
        params,
        body: updateGrantBody,
        response: { 200: grant, ...failures },
      },
    },
    async (request) => showGrant(await updateGrant(use(), actorOf(request), request.params.id, request.body)),
  )

  app.delete(
    '/api/grants/:id',
    {
      config: { access: 'grants.write' },
      schema: {
        operationId: 'deleteGrant',
        summary: 'Take a free quota away',
        description: 'What it has paid for stays in the books under its name.',
        tags,
        params,
        response: { 204: noContent, ...failures },
      },
    },
    async (request, reply) => {
      await deleteGrant(use(), actorOf(request), request.params.id)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/api/grants/:id/entries',
    {
      config: { access: 'grants.read' },
      schema: {
        operationId: 'listGrantEntries',
        summary: 'What the size of a free quota is made of, oldest first',
        tags,
        params,
        response: { 200: list(grantEntry), ...failures },
      },
    },
    async (request) => {
      const { unit, entries } = await listGrantEntries(use(), request.params.id)
      return { data: entries.map((entry) => showGrantEntry(entry, unit)) }
    },
  )

  app.post(
    '/api/grants/:id/entries',
    {
      config: { access: 'grants.write' },
      schema: {
        operationId: 'addGrantEntry',
        summary: 'Correct a free quota by what its console says, or credit more',
        description:
          '`left` makes an adjustment so that granted - settled is what you send; of a renewing grant until its next turn. `credit` adds.',
        tags,
        params,
        body: grantEntryBody,
        response: { 201: grant, ...failures },
      },
    },
    async (request, reply) => {
      const adjusted = await adjustGrant(use(), actorOf(request), request.params.id, request.body)
      return reply.code(201).send(showGrant(adjusted))
    },
  )
}
