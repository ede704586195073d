import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { authenticate } from '../../domain/completion/authenticate.ts'
import {
  parseChatRequest,
  parseCompletionRequest,
  parseEmbeddingRequest,
  type ParsedRequest,
} from '../../domain/completion/parse-request.ts'
import { runCompletion } from '../../domain/completion/run-completion.ts'
import type { GatewayServices } from '../../domain/completion/services.ts'
import type { CompletionAnswer } from '../../domain/completion/finish-answer.ts'
import { errorEvent } from '../../domain/error-table.ts'
import { GatewayError } from '../../domain/errors.ts'
import type { KeyEntry } from '../../domain/snapshot/snapshot.ts'
import type { Ledger } from '../../ports/ledger.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'
import { allowBrowsers } from './allow-browsers.ts'
import { connectClient } from './connect-client.ts'
import { listModelViews, showModel } from './models.ts'
import { newRequestId } from './request-id.ts'
import { showReceipt } from './receipts.ts'
import { sendError, toGatewayError } from './send-error.ts'
import { showUsage } from './usage.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The key that makes this call of `/v1`; null until it is authenticated. */
    caller: KeyEntry | null
  }
}

export interface GatewayOptions {
  readonly services: GatewayServices
  readonly ledger: Ledger
  /** Largest request body, bytes. */
  readonly bodyBytesMax: number
}

/** `/v1`: what OpenAI's clients call. Bodies arrive as bytes and are never validated, coerced or stripped by a schema. */
export async function gateway(app: FastifyInstance, options: GatewayOptions): Promise<void> {
  const { services } = options
  app.removeAllContentTypeParsers()
  // Whatever the client calls its body: what is in it decides, and a wrong label is no reason to fail.
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: options.bodyBytesMax },
    (_request, body, done) => done(null, body),
  )
  app.setErrorHandler((error, request, reply) =>
    sendError(services, error, request, reply, options.bodyBytesMax),
  )
  app.setNotFoundHandler((request, reply) =>
    sendError(
      services,
      new GatewayError(
        'not_found',
        `${request.method} ${request.url.split('?')[0]} is not part of this API. It has /v1/chat/completions, ` +
          '/v1/completions, /v1/embeddings, /v1/models, /v1/usage and /v1/receipts/{id}.',
      ),
      request,
      reply,
      options.bodyBytesMax,
    ),
  )
  allowBrowsers(app)
  app.decorateRequest('caller', null)
  // Before the body is read: a stranger does not get to send us twenty megabytes.
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', newRequestId(services.clock.now()))
    request.caller = authenticate(services.snapshot(), {
      authorization: request.headers.authorization,
      ip: request.ip,
      atMs: services.clock.now(),
    })
  })

  const complete = (endpoint: UsageRecord['endpoint'], parse: (raw: Uint8Array) => ParsedRequest) => ({
    handler: (request: FastifyRequest, reply: FastifyReply) =>
      answer(services, request, reply, endpoint, parse),
    bodyLimit: options.bodyBytesMax,
  })
  app.post('/chat/completions', complete('chat.completions', parseChatRequest))
  app.post('/completions', complete('completions', parseCompletionRequest))
  app.post('/embeddings', complete('embeddings', parseEmbeddingRequest))

  app.get('/models', async (request) => listModelViews(services.snapshot(), callerOf(request)))
  app.get<{ Params: { '*': string } }>('/models/*', async (request) =>
    showModel(services.snapshot(), callerOf(request), decodeURIComponent(request.params['*'])),
  )
  app.get('/usage', async (request) => showUsage(services, callerOf(request)))
  app.get<{ Params: { id: string } }>('/receipts/:id', async (request) =>
    showReceipt(services, options.ledger, callerOf(request), request.params.id),
  )
}

async function answer(
  services: GatewayServices,
  request: FastifyRequest,
  reply: FastifyReply,
  endpoint: UsageRecord['endpoint'],
  parse: (raw: Uint8Array) => ParsedRequest,
): Promise<FastifyReply> {
  const startedAtMs = services.clock.now()
  const snapshot = services.snapshot()
  const key = callerOf(request)
  const parsed = parse(Buffer.isBuffer(request.body) ? request.body : new Uint8Array())
  const client = connectClient(request, reply)
  let result: CompletionAnswer | undefined
  try {
    result = await runCompletion(services, {
      requestId: requestIdOf(reply),
      startedAtMs,
      snapshot,
      key,
      endpoint,
      request: parsed,
      client,
      receiptInline: request.headers['x-tollgate-receipt'] === 'true',
    })
  } catch (error) {
    if (!reply.raw.headersSent) throw error
    // The answer has begun: all that can still be said is said inside of it.
    services.log.error({ err: error, requestId: requestIdOf(reply) }, 'a stream failed unexpectedly')
    client.write(errorEvent(toGatewayError(error, 0)))
    client.endStream()
    return reply
  }
  if (result === undefined) {
    // Streamed, or nobody is left to hear it.
    if (!reply.sent) reply.hijack()
    return reply
  }
  return reply.headers(result.headers).type('application/json; charset=utf-8').send(result.body)
}

function callerOf(request: FastifyRequest): KeyEntry {
  if (request.caller === null) throw new Error('a request was not authenticated')
  return request.caller
}

function requestIdOf(reply: FastifyReply): string {
  const id = reply.getHeader('x-request-id')
  if (typeof id !== 'string') throw new Error('a request has no id')
  return id
}
