import { z } from 'zod'
import { createModel } from '../../domain/administration/create-model.ts'
import { deleteModel } from '../../domain/administration/delete-model.ts'
import {
  findModel,
  listModels,
  routePolicies,
  type ModelView,
} from '../../domain/administration/list-models.ts'
import { showAmount } from '../../domain/administration/read-amount.ts'
import { updateModel } from '../../domain/administration/update-model.ts'
import { actorOf, type DashboardApp, type UseServices } from './app.ts'
import { amountKind } from './grant-view.ts'
import { toPriceView } from './price-view.ts'
import { amount, failures, isoTime, modelName, noContent, page, uuid } from './schemas/common.ts'
import { grantUnit } from './schemas/grant.ts'
import { priceView } from './schemas/price.ts'

const policy = z.enum(routePolicies)

const model = z
  .object({
    model: z.string().describe('What clients send as `model`.'),
    policy: z
      .string()
      .describe(
        '`free-first`: offerings whose grant can bear the request, soonest to expire first, then paid by price. `free-only`: never costs money. `priority`: in the given order.',
      ),
    origin: z
      .enum(['implicit', 'api', 'yaml'])
      .describe('`implicit`: no route was made; every offering of that name serves it.'),
    enabled: z.boolean(),
    offerings: z.array(
      z.object({
        offering: z.string().describe('`account/name`; clients can pin it by that name.'),
        provider: z.string(),
        position: z.int(),
        weight: z.int(),
        price: priceView.nullable(),
        grant: z
          .object({
            id: uuid,
            name: z.string(),
            left: amount,
            unit: grantUnit,
            expiresAt: isoTime.nullable(),
          })
          .nullable()
          .describe('The free quota that pays next.'),
        state: z.enum(['ok', 'disabled', 'invalid_credentials', 'permission_denied', 'balance_exhausted']),
      }),
    ),
  })
  .meta({ id: 'Model' })

const offerings = z.array(z.string()).min(1).max(100).describe('`account/name`, in order of preference.')

const tags = ['models']
const params = z.object({ name: z.string() })

export function modelRoutes(app: DashboardApp, use: UseServices): void {
  app.get(
    '/api/models',
    {
      config: { access: 'models.read' },
      schema: {
        operationId: 'listModels',
        summary: 'Every model name that clients can ask for, and who serves it',
        tags,
        response: { 200: page(model), ...failures },
      },
    },
    async () => ({ data: (await listModels(use())).map(showModel), nextCursor: null }),
  )

  app.post(
    '/api/models',
    {
      config: { access: 'models.write' },
      schema: {
        operationId: 'createModel',
        summary: 'Make a model name over chosen offerings',
        tags,
        body: z.strictObject({ name: modelName, policy: policy.optional(), offerings }),
        response: { 201: model, ...failures },
      },
    },
    async (request, reply) =>
      reply.code(201).send(showModel(await createModel(use(), actorOf(request), request.body))),
  )

  app.get(
    '/api/models/:name',
    {
      config: { access: 'models.read' },
      schema: {
        operationId: 'getModel',
        summary: 'One model name',
        description: 'A slash in the name is sent as %2F.',
        tags,
        params,
        response: { 200: model, ...failures },
      },
    },
    async (request) => showModel(await findModel(use(), request.params.name)),
  )

  app.patch(
    '/api/models/:name',
    {
      config: { access: 'models.write' },
      schema: {
        operationId: 'updateModel',
        summary: 'Change policy, offerings or order',
        description: 'On a name that follows from the accounts this makes a route of its present offerings.',
        tags,
        params,
        body: z.strictObject({
          policy: policy.optional(),
          offerings: offerings.optional(),
          enabled: z.boolean().optional(),
        }),
        response: { 200: model, ...failures },
      },
    },
    async (request) =>
      showModel(await updateModel(use(), actorOf(request), request.params.name, request.body)),
  )

  app.delete(
    '/api/models/:name',
    {
      config: { access: 'models.write' },
      schema: {
        operationId: 'deleteModel',
        summary: 'Take a route away',
        description: 'If accounts offer a model of that name, all of them serve it again.',
        tags,
        params,
        response: { 204: noContent, ...failures },
      },
    },
    async (request, reply) => {
      await deleteModel(use(), actorOf(request), request.params.name)
      return reply.code(204).send(null)
    },
  )
}

function showModel(view: ModelView): z.output<typeof model> {
  return {
    model: view.model,
    policy: view.policy,
    origin: view.origin,
    enabled: view.enabled,
    offerings: view.offerings.map((offering) => ({
      offering: offering.offering,
      provider: offering.provider,
      position: offering.position,
      weight: offering.weight,
      price: offering.price === undefined ? null : toPriceView(offering.price),
      grant:
        offering.grant === undefined
          ? null
          : {
              id: offering.grant.grant.id,
              name: offering.grant.grant.name,
              left: showAmount(amountKind(offering.grant.grant.unit), offering.grant.left),
              unit: offering.grant.grant.unit,
              expiresAt:
                offering.grant.grant.expiresAtMs === undefined
                  ? null
                  : new Date(offering.grant.grant.expiresAtMs).toISOString(),
            },
      state: offering.state,
    })),
  }
}
