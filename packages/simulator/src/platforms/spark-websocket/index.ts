import type { ConversationOperation, Platform, SimulatedModel } from '../../contract/platform.ts'
import { sparkModels } from '../spark-kit.ts'
import { admit, credentialsOf } from './account.ts'
import { readQuestion } from './read-question.ts'
import { embeddingModel, readText } from './read-text.ts'
import { refuse, streamError } from './refuse.ts'

const base = '/spark-ws'
const embeddingPath = `${base}/embedding`

/** Every version has a URL of its own; `alias` is what its `domain` was called before. */
const addresses: ReadonlyMap<string, { path: string; alias?: string }> = new Map([
  ['lite', { path: '/v1.1/chat', alias: 'general' }],
  ['generalv3', { path: '/v3.1/chat' }],
  ['pro-128k', { path: '/chat/pro-128k' }],
  ['generalv3.5', { path: '/v3.5/chat' }],
  ['max-32k', { path: '/chat/max-32k' }],
  ['4.0Ultra', { path: '/v4.0/chat' }],
  ['spark-x', { path: '/v1/x1', alias: 'x1' }],
])

function conversationWith(model: SimulatedModel): ConversationOperation[] {
  const address = addresses.get(model.name)
  if (address === undefined) return []
  const domains = [model.name, ...(address.alias === undefined ? [] : [address.alias])]
  return [
    {
      kind: 'conversation',
      method: 'GET',
      path: base + address.path,
      read: (request) => readQuestion(request, { model, domains }),
    },
  ]
}

/**
 * iFlytek Spark over WebSocket, and its embeddings, which are plain HTTP at another host, signed the same way. Sheet:
 * spark, sections 3 and 4.
 */
export const sparkWebsocket: Platform = {
  protocol: 'spark-websocket',
  provider: 'spark',
  basePath: base,
  embeddingPath,
  credentials: credentialsOf('simspark000000000000000000000001'),
  models: [...sparkModels, embeddingModel],
  // Function calls report no completion tokens, and neither cache nor thinking is reported apart.
  metering: { cached: false, reasoning: false, toolCalls: false },
  operations: [
    ...sparkModels.flatMap(conversationWith),
    { kind: 'embedding', method: 'POST', path: embeddingPath, read: readText },
  ],
  admit,
  refuse,
  streamError,
  headers: () => ({}),
}
