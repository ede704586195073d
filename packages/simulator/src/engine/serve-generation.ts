import { after } from './after.ts'
import { answerChat } from './answer-chat.ts'
import { answerEmbeddings } from './answer-embeddings.ts'
import type { Engine } from './engine.ts'
import type { Exchange } from './exchange.ts'
import { faultReply } from './fault-reply.ts'
import { noFault } from './faults.ts'
import { openEntry } from './open-entry.ts'
import type { Outlet } from './outlet.ts'
import { refusalReply, refuse } from './refuse.ts'
import { settle } from './settle.ts'
import type { ChatCall } from '../contract/chat.ts'
import type { EmbeddingCall } from '../contract/embedding.ts'
import type {
  ChatOperation,
  ConversationOperation,
  EmbeddingOperation,
  Incoming,
  Platform,
  WireReply,
} from '../contract/platform.ts'
import { type Refusal, isRefusal } from '../contract/refusal.ts'

/** Takes one generating request from its arrival to its end: admit, read, fault, grant, answer, bill. */
export function serveGeneration(
  engine: Engine,
  platform: Platform,
  operation: ChatOperation | ConversationOperation | EmbeddingOperation,
  request: Incoming,
  outlet: Outlet,
): void {
  const entry = openEntry(engine, platform, request, outlet)
  const say = (refusal: Refusal) => refusalReply(platform, refusal, request)
  const refuseWith = (reply: WireReply) => refuse({ platform, request, outlet, entry }, reply)

  const admitted = platform.admit(request, engine.books)
  if (isRefusal(admitted)) {
    refuseWith(say(admitted))
    return
  }
  entry.account = admitted.account
  const call = operation.read(request)
  if (isRefusal(call)) {
    if (call.model !== undefined) entry.model = call.model
    refuseWith(say(call))
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
  const user = 'user' in call ? call.user : undefined
  const limit = struck.reply === undefined ? limitReached(engine, platform, { ...scope, user }) : undefined
  const refused = limit === undefined ? struck.reply : say({ model: scope.model, ...limit })
  if (refused !== undefined) {
    after(fault.delayMs, outlet, () => refuseWith(refused))
    return
  }

  engine.running.begin(scope.protocol, scope.account, scope.model, user)
  entry.status = outlet.status
  entry.promptTokens = call.promptTokens
  const exchange: Exchange = {
    engine,
    platform,
    request,
    outlet,
    entry,
    account: scope.account,
    user,
    fault,
    resets: engine.resets(),
  }
  const cancel = () => settle(exchange, call.model.name, promptOnly(call), 'client-closed')
  after(fault.delayMs, outlet, () => answer(exchange, call, struck.filtered), cancel)
}

function answer(exchange: Exchange, call: ChatCall | EmbeddingCall, filtered: boolean): void {
  if ('inputs' in call) answerEmbeddings(exchange, call)
  else answerChat(exchange, call, filtered)
}

/** What keeps an accepted call from starting: its user is busy, free tokens are gone, the platform has limits of its own. */
function limitReached(
  engine: Engine,
  platform: Platform,
  call: { provider: string; protocol: string; account: string; model: string; user: string | undefined },
): Refusal | undefined {
  if (call.user !== undefined && engine.running.isBusy(call.protocol, call.account, call.user)) {
    return { refused: 'rate-limit', variant: 'user-busy' }
  }
  if (!engine.grants.mayStart(call)) return { refused: 'free-quota' }
  return platform.allow?.(call, engine.books)
}

/** A client that left before the first token still had its prompt read. */
function promptOnly(call: ChatCall | EmbeddingCall) {
  const prompt = call.promptTokens
  return { prompt, cached: 0, answer: 0, reasoning: 0, completion: 0, total: prompt }
}
