import { z } from 'zod'
import { createMember } from '../../domain/administration/create-member.ts'
import { deleteMember } from '../../domain/administration/delete-member.ts'
import { listMembers, type MemberView } from '../../domain/administration/list-members.ts'
import { actorOf, type DashboardApp, type UseServices } from './app.ts'
import { displayName, failures, isoTime, list, noContent, uuid } from './schemas/common.ts'

const member = z
  .object({
    id: uuid,
    name: z.string(),
    email: z.string().nullable(),
    keyCount: z.int().describe('Keys that are not revoked.'),
    createdAt: isoTime,
  })
  .meta({ id: 'Member' })

const tags = ['teams']
const params = z.object({ name: z.string() })

export function memberRoutes(app: DashboardApp, use: UseServices): void {
  app.get(
    '/api/teams/:name/members',
    {
      config: { access: 'teams.read' },
      schema: {
        operationId: 'listMembers',
        summary: 'Members of a team',
        tags,
        params,
        response: { 200: list(member), ...failures },
      },
    },
    async (request) => ({
      data: (await listMembers(use(), actorOf(request), request.params.name)).map(showMember),
    }),
  )

  app.post(
    '/api/teams/:name/members',
    {
      config: { access: 'members.write' },
      schema: {
        operationId: 'createMember',
        summary: 'Add a member',
        description:
          'Somebody or something that keys and quotas can be given to; not a sign-in to the dashboard.',
        tags,
        params,
        body: z.strictObject({ name: displayName, email: z.email().optional() }),
        response: { 201: member, ...failures },
      },
    },
    async (request, reply) => {
      const created = await createMember(use(), actorOf(request), request.params.name, request.body)
      return reply.code(201).send(showMember(created))
    },
  )

  app.delete(
    '/api/teams/:name/members/:memberName',
    {
      config: { access: 'members.write' },
      schema: {
        operationId: 'deleteMember',
        summary: 'Take a member away and revoke their keys',
        tags,
        params: params.extend({ memberName: z.string() }),
        response: { 204: noContent, ...failures },
      },
    },
    async (request, reply) => {
      await deleteMember(use(), actorOf(request), request.params.name, request.params.memberName)
      return reply.code(204).send(null)
    },
  )
}

function showMember(view: MemberView): z.output<typeof member> {
  return {
    id: view.id,
    name: view.name,
    email: view.email ?? null,
    keyCount: view.keyCount,
    createdAt: view.createdAt.toISOString(),
  }
}
