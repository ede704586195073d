import type { ServerResponse } from 'node:http'
import { after } from './after.ts'
import { answerChat } from './answer-chat.ts'
import { answerEmbeddings } from './answer-embeddings.ts'
import type { Engine } from './engine.ts'
import type { Exchange } from './exchange.ts'
import type { Fault } from './faults.ts'
import { readTag } from './read-directives.ts'
import { faultReply } from './fault-reply.ts'
import type { LoggedRequest } from './request-log.ts'
import { sendReply } from './send-reply.ts'
import { settle } from './settle.ts'
import type { ChatCall } from '../contract/chat.ts'
import type { EmbeddingCall } from '../contract/embedding.ts'
import type {
  ChatOperation,
  EmbeddingOperation,
  Incoming,
  Platform,
  WireReply,
} from '../contract/platform.ts'
import { isRefusal } from '../contract/refusal.ts'

const noFault: Fault = {}

/** Takes one generating request from its arrival to its end: admit, read, fault, grant, answer, bill. */
export function serveGeneration(
  engine: Engine,
  platform: Platform,
  operation: ChatOperation | EmbeddingOperation,
  request: Incoming,
  response: ServerResponse,
): void {
  const entry = openEntry(engine, platform, request)
  response.once('close', () => {
    entry.closedAt = Date.now()
    // Everything was produced and billed, but the client did not stay to read it.
    if (entry.outcome === 'complete' && !response.writableFinished) entry.outcome = 'client-closed'
    entry.outcome ??= 'client-closed'
  })
  const refuse = (reply: WireReply) => {
    entry.outcome = 'refused'
    entry.status = reply.status
    sendReply(response, reply, platform.headers(request))
  }
  const refusalReply = (refusal: Parameters<Platform['refuse']>[0]) =>
    platform.refuse(refusal, request) ??
    platform.refuse({ refused: 'internal' }, request) ?? { status: 500, body: '' }

  const admitted = platform.admit(request, engine.sessions)
  if (isRefusal(admitted)) {
    refuse(refusalReply(admitted))
    return
  }
  entry.account = admitted.account
  const call = operation.read(request)
  if (isRefusal(call)) {
    if (call.model !== undefined) entry.model = call.model
    refuse(refusalReply(call))
    return
  }
  entry.model = call.model.name
  entry.stream = 'stream' in call && call.stream
  const scope = {
    provider: platform.provider,
    protocol: platform.protocol,
    account: admitted.account,
    model: call.model.name,
    body: request.body,
    sessions: false,
  }
  const fault = engine.faults.take(scope) ?? noFault
  const struck = faultReply(platform, request, fault, { model: call.model.name, stream: entry.stream })
  const refused = struck.reply ?? emptyGrantReply(engine, platform, scope, refusalReply)
  if (refused !== undefined) {
    after(fault.delayMs, response, () => refuse(refused))
    return
  }

  engine.running.begin(scope.protocol, scope.account, scope.model)
  entry.status = 200
  entry.promptTokens = call.promptTokens
  const exchange: Exchange = {
    engine,
    platform,
    request,
    response,
    entry,
    account: scope.account,
    fault,
    resets: engine.resets(),
  }
  const cancel = () => settle(exchange, call.model.name, promptOnly(call), 'client-closed')
  after(fault.delayMs, response, () => answer(exchange, call, struck.filtered), cancel)
}

function answer(exchange: Exchange, call: ChatCall | EmbeddingCall, filtered: boolean): void {
  if ('inputs' in call) answerEmbeddings(exchange, call)
  else answerChat(exchange, call, filtered)
}

function emptyGrantReply(
  engine: Engine,
  platform: Platform,
  scope: { provider: string; account: string; model: string },
  refusalReply: (refusal: Parameters<Platform['refuse']>[0]) => WireReply,
): WireReply | undefined {
  if (!engine.grants.mayStart(scope)) return refusalReply({ refused: 'free-quota', model: scope.model })
  const refusal = platform.allow?.(scope, engine.books)
  return refusal === undefined ? undefined : refusalReply({ model: scope.model, ...refusal })
}

/** A client that left before the first token still had its prompt read. */
function promptOnly(call: ChatCall | EmbeddingCall) {
  const prompt = call.promptTokens
  return { prompt, cached: 0, answer: 0, reasoning: 0, completion: 0, total: prompt }
}

function openEntry(engine: Engine, platform: Platform, request: Incoming): LoggedRequest {
  const own = request.headers['x-client-request-id'] ?? request.headers['x-request-id']
  const tag = readTag(request.body)
  const entry: LoggedRequest = {
    id: request.id,
    provider: platform.provider,
    protocol: platform.protocol,
    stream: false,
    receivedAt: Date.now(),
    usageSent: false,
    ...(typeof own === 'string' ? { clientRequestId: own } : {}),
    ...(tag === undefined ? {} : { tag }),
  }
  engine.log.open(entry)
  return entry
}
