import { z } from 'zod'
import { createAccount } from '../../domain/administration/create-account.ts'
import { deleteAccount } from '../../domain/administration/delete-account.ts'
import { findAccount, listAccounts, type AccountView } from '../../domain/administration/list-accounts.ts'
import { proposeGrants } from '../../domain/administration/propose-grants.ts'
import {
  testAccount,
  testConnection,
  type ConnectionTest,
} from '../../domain/administration/test-connection.ts'
import { updateAccount } from '../../domain/administration/update-account.ts'
import { actorOf, type DashboardApp, type UseServices } from './app.ts'
import { showProposal } from './grant-view.ts'
import { toPriceView } from './price-view.ts'
import {
  account,
  accountState,
  connectionTest,
  createAccountBody,
  testConnectionBody,
  updateAccountBody,
} from './schemas/account.ts'
import { failures, list, noContent, origin, page, pageQuery } from './schemas/common.ts'
import { grantProposal } from './schemas/grant.ts'

const tags = ['accounts']
const params = z.object({ name: z.string() })

export function accountRoutes(app: DashboardApp, use: UseServices): void {
  app.get(
    '/api/accounts',
    {
      config: { access: 'accounts.read' },
      schema: {
        operationId: 'listAccounts',
        summary: "Providers' accounts, by name",
        tags,
        querystring: pageQuery,
        response: { 200: page(account), ...failures },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query
      const found = await listAccounts(use(), { cursor, limit })
      return { data: found.data.map(showAccount), nextCursor: found.nextCursor ?? null }
    },
  )

  app.post(
    '/api/accounts',
    {
      config: { access: 'accounts.write' },
      schema: {
        operationId: 'createAccount',
        summary: 'Add an account at a provider',
        description: 'Its models can be asked for as soon as this answers.',
        tags,
        body: createAccountBody,
        response: { 201: account, ...failures },
      },
    },
    async (request, reply) => {
      const created = await createAccount(use(), actorOf(request), request.body)
      return reply.code(201).send(showAccount(created))
    },
  )

  app.get(
    '/api/accounts/:name',
    {
      config: { access: 'accounts.read' },
      schema: {
        operationId: 'getAccount',
        summary: 'One account',
        tags,
        params,
        response: { 200: account, ...failures },
      },
    },
    async (request) => showAccount(await findAccount(use(), request.params.name)),
  )

  app.patch(
    '/api/accounts/:name',
    {
      config: { access: 'accounts.write' },
      schema: {
        operationId: 'updateAccount',
        summary: 'Change an account',
        description:
          'Only the fields that are sent change. `models` is the whole list: those left out are switched off.',
        tags,
        params,
        body: updateAccountBody,
        response: { 200: account, ...failures },
      },
    },
    async (request) =>
      showAccount(await updateAccount(use(), actorOf(request), request.params.name, request.body)),
  )

  app.delete(
    '/api/accounts/:name',
    {
      config: { access: 'accounts.write' },
      schema: {
        operationId: 'deleteAccount',
        summary: 'Take an account away',
        description: 'With its models and grants. Its usage stays in the books under its name.',
        tags,
        params,
        response: { 204: noContent, ...failures },
      },
    },
    async (request, reply) => {
      await deleteAccount(use(), actorOf(request), request.params.name)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/accounts/test',
    {
      config: { access: 'accounts.write' },
      schema: {
        operationId: 'testConnection',
        summary: 'Try credentials before they are stored',
        description: 'Answers 200 whether or not they work; see `ok` and `fault`.',
        tags,
        body: testConnectionBody,
        response: { 200: connectionTest, ...failures },
      },
    },
    async (request) => showTest(await testConnection(use(), request.body)),
  )

  app.post(
    '/api/accounts/:name/test',
    {
      config: { access: 'accounts.write' },
      schema: {
        operationId: 'testAccount',
        summary: 'Try the stored credentials',
        description: 'The verdict becomes the state of the account.',
        tags,
        params,
        response: { 200: connectionTest, ...failures },
      },
    },
    async (request) => showTest(await testAccount(use(), actorOf(request), request.params.name)),
  )

  app.get(
    '/api/accounts/:name/grant-proposals',
    {
      config: { access: 'grants.read' },
      schema: {
        operationId: 'listGrantProposals',
        summary: 'Free quotas that the provider announces for models of this account',
        description: 'Proposals only: confirm one with POST /api/grants after a look at the console.',
        tags,
        params,
        response: { 200: list(grantProposal.extend({ exists: z.boolean() })), ...failures },
      },
    },
    async (request) => {
      const proposals = await proposeGrants(use(), request.params.name)
      return { data: proposals.map((proposal) => ({ ...showProposal(proposal), exists: proposal.exists })) }
    },
  )
}

function showAccount(view: AccountView): z.output<typeof account> {
  return {
    id: view.id,
    name: view.name,
    provider: view.provider,
    protocol: view.protocol,
    baseUrl: view.baseUrl,
    options: { ...view.options },
    credentials: { ...view.credentials },
    enabled: view.enabled,
    origin: origin.parse(view.origin),
    state: accountState.parse(view.state),
    stateMessage: view.stateMessage ?? null,
    stateAt: view.stateAt?.toISOString() ?? null,
    models: view.models.map((model) => ({
      name: model.name,
      upstream: model.upstream,
      kind: model.kind,
      enabled: model.enabled,
      price: model.price === undefined ? null : toPriceView(model.price),
    })),
    createdAt: view.createdAt.toISOString(),
    updatedAt: view.updatedAt.toISOString(),
  }
}

function showTest(test: ConnectionTest): z.output<typeof connectionTest> {
  return {
    ...test,
    fault: test.fault ?? null,
    kind: test.kind ?? null,
    upstreamMessage: test.upstreamMessage ?? null,
  }
}
