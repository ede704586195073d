import { z } from 'zod'
import {
  createUser,
  passwordCharactersMax,
  passwordCharactersMin,
} from '../../domain/administration/create-user.ts'
import { deleteUser } from '../../domain/administration/delete-user.ts'
import { findUser, listUsers, roles, type UserView } from '../../domain/administration/list-users.ts'
import { updateUser } from '../../domain/administration/update-user.ts'
import { actorOf, type DashboardApp, type UseServices } from './app.ts'
import { displayName, failures, isoTime, list, noContent, uuid } from './schemas/common.ts'

export const password = z
  .string()
  .min(passwordCharactersMin)
  .max(passwordCharactersMax)
  .describe(`${passwordCharactersMin} to ${passwordCharactersMax} characters.`)

const role = z
  .enum(roles)
  .describe(
    '`owner` and `admin`: everything (only owners touch owners); `manager`: one team; `viewer`: looks only, at one team if it has one.',
  )

export const user = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role,
    team: z.string().nullable().describe('Name of the one team a manager or viewer is bound to.'),
    teamId: uuid.nullable(),
    createdAt: isoTime,
  })
  .meta({ id: 'User' })

const tags = ['users']
const params = z.object({ id: z.string() })

export function userRoutes(app: DashboardApp, use: UseServices): void {
  app.get(
    '/api/users',
    {
      config: { access: 'users.read' },
      schema: {
        operationId: 'listUsers',
        summary: 'People who can sign in to the dashboard',
        tags,
        response: { 200: list(user), ...failures },
      },
    },
    async () => ({ data: (await listUsers(use())).map(showUser) }),
  )

  app.post(
    '/api/users',
    {
      config: { access: 'users.write' },
      schema: {
        operationId: 'createUser',
        summary: 'Let somebody sign in',
        tags,
        body: z.strictObject({
          name: displayName,
          email: z.email(),
          role,
          team: z.string().nullable().optional().describe('Name; needed for managers.'),
          password,
        }),
        response: { 201: user, ...failures },
      },
    },
    async (request, reply) =>
      reply.code(201).send(showUser(await createUser(use(), actorOf(request), request.body))),
  )

  app.get(
    '/api/users/:id',
    {
      config: { access: 'users.read' },
      schema: {
        operationId: 'getUser',
        summary: 'One person',
        tags,
        params,
        response: { 200: user, ...failures },
      },
    },
    async (request) => showUser(await findUser(use(), request.params.id)),
  )

  app.patch(
    '/api/users/:id',
    {
      config: { access: 'users.write' },
      schema: {
        operationId: 'updateUser',
        summary: "Change somebody's role, team, name or password",
        description: 'A new password ends all of the sessions.',
        tags,
        params,
        body: z.strictObject({
          name: displayName.optional(),
          role: role.optional(),
          team: z.string().nullable().optional(),
          password: password.optional(),
        }),
        response: { 200: user, ...failures },
      },
    },
    async (request) => showUser(await updateUser(use(), actorOf(request), request.params.id, request.body)),
  )

  app.delete(
    '/api/users/:id',
    {
      config: { access: 'users.write' },
      schema: {
        operationId: 'deleteUser',
        summary: 'End somebody’s access',
        tags,
        params,
        response: { 204: noContent, ...failures },
      },
    },
    async (request, reply) => {
      await deleteUser(use(), actorOf(request), request.params.id)
      return reply.code(204).send(null)
    },
  )
}

export function showUser(view: UserView): z.output<typeof user> {
  return {
    id: view.id,
    name: view.name,
    email: view.email,
    role: view.role,
    team: view.team ?? null,
    teamId: view.teamId ?? null,
    createdAt: view.createdAt.toISOString(),
  }
}
