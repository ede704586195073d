import { z } from 'zod'
import { createKey } from '../../domain/administration/create-key.ts'
import { findKey, listKeys, type KeyView } from '../../domain/administration/list-keys.ts'
import { revokeKey } from '../../domain/administration/revoke-key.ts'
import { updateKey } from '../../domain/administration/update-key.ts'
import { actorOf, type DashboardApp, type UseServices } from './app.ts'
import {
  displayName,
  failures,
  isoTime,
  isoTimeInput,
  modelPatterns,
  noContent,
  origin,
  page,
  pageQuery,
  uuid,
} from './schemas/common.ts'

const key = z
  .object({
    id: uuid,
    team: z.string(),
    member: z.string().nullable(),
    name: z.string(),
    preview: z.string().describe('The first characters, e.g. "sk-tg-AbC…".'),
    models: z.array(z.string()).describe("Narrows the team's models; empty: all of the team's."),
    allowedIps: z.array(z.string()).describe('Addresses or CIDR ranges; empty: any.'),
    expiresAt: isoTime.nullable(),
    revokedAt: isoTime.nullable(),
    lastUsedAt: isoTime.nullable().describe('Exact for recent use, else the hour of it.'),
    origin,
    createdAt: isoTime,
  })
  .meta({ id: 'Key' })

const shared = {
  models: modelPatterns.optional(),
  allowedIps: z.array(z.string().max(50)).max(100).optional(),
  expiresAt: isoTimeInput.nullable().optional(),
}

const tags = ['keys']
const params = z.object({ id: uuid })

export function keyRoutes(app: DashboardApp, use: UseServices): void {
  app.get(
    '/api/keys',
    {
      config: { access: 'keys.read' },
      schema: {
        operationId: 'listKeys',
        summary: 'Keys that open /v1, newest first',
        tags,
        querystring: pageQuery.extend({ team: z.string().optional().describe('Name of a team.') }),
        response: { 200: page(key), ...failures },
      },
    },
    async (request) => {
      const { cursor, limit, team } = request.query
      const found = await listKeys(use(), actorOf(request), { cursor, limit, team })
      return { data: found.data.map(showKey), nextCursor: found.nextCursor ?? null }
    },
  )

  app.post(
    '/api/teams/:name/keys',
    {
      config: { access: 'keys.write' },
      schema: {
        operationId: 'createKey',
        summary: 'Make a key',
        description: 'The secret is in this answer and can never be read again; only its SHA-256 is stored.',
        tags,
        params: z.object({ name: z.string() }),
        body: z.strictObject({
          name: displayName,
          member: z.string().optional().describe('Name of a member of the team.'),
          ...shared,
          secret: z
            .string()
            .optional()
            .describe('Chosen by you; only with the admin key. Default: 256 random bits.'),
        }),
        response: { 201: z.object({ key, secret: z.string() }), ...failures },
      },
    },
    async (request, reply) => {
      const created = await createKey(use(), actorOf(request), request.params.name, request.body)
      return reply.code(201).send({ key: showKey(created.key), secret: created.secret })
    },
  )

  app.get(
    '/api/keys/:id',
    {
      config: { access: 'keys.read' },
      schema: {
        operationId: 'getKey',
        summary: 'One key',
        tags,
        params,
        response: { 200: key, ...failures },
      },
    },
    async (request) => showKey(await findKey(use(), actorOf(request), request.params.id)),
  )

  app.patch(
    '/api/keys/:id',
    {
      config: { access: 'keys.write' },
      schema: {
        operationId: 'updateKey',
        summary: 'Change what a key may do',
        tags,
        params,
        body: z.strictObject({ name: displayName.optional(), ...shared }),
        response: { 200: key, ...failures },
      },
    },
    async (request) => showKey(await updateKey(use(), actorOf(request), request.params.id, request.body)),
  )

  app.delete(
    '/api/keys/:id',
    {
      config: { access: 'keys.write' },
      schema: {
        operationId: 'revokeKey',
        summary: 'Revoke a key, for good',
        description: 'It opens nothing when this answers. It stays in the list, with the time of its end.',
        tags,
        params,
        response: { 204: noContent, ...failures },
      },
    },
    async (request, reply) => {
      await revokeKey(use(), actorOf(request), request.params.id)
      return reply.code(204).send(null)
    },
  )
}

function showKey(view: KeyView): z.output<typeof key> {
  return {
    id: view.id,
    team: view.team,
    member: view.member ?? null,
    name: view.name,
    preview: view.preview,
    models: [...view.models],
    allowedIps: [...view.allowedIps],
    expiresAt: view.expiresAt?.toISOString() ?? null,
    revokedAt: view.revokedAt?.toISOString() ?? null,
    lastUsedAt: view.lastUsedAt?.toISOString() ?? null,
    origin: origin.parse(view.origin),
    createdAt: view.createdAt.toISOString(),
  }
}
