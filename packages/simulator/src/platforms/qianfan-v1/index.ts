import type { Books, Incoming, Operation, Platform } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { pathModels } from './models.ts'
import { openSession, refuseSession, secretOf } from './open-session.ts'
import { readChat } from './read-chat.ts'
import { readEmbeddings } from './read-embeddings.ts'
import { methodRefused, refuse, streamError } from './refuse.ts'
import { idOf } from './wire.ts'

const protocol = 'qianfan-v1'
const apiKey = 'simQianfanApiKey00000001'

/** The real host's paths, so that the vendor's own SDK runs against the root of this server. */
const base = '/rpc/2.0/ai_custom/v1/wenxinworkshop'
const chatPath = `${base}/chat/*`
const embeddingsPath = `${base}/embeddings/*`

/** Baidu Qianfan, the old interface: models in the path, tokens in the query, errors in HTTP 200. Sheet: qianfan, section 2. */
export const qianfanV1: Platform = {
  protocol,
  provider: 'qianfan',
  basePath: '',
  credentials: { apiKey, secretKey: secretOf(apiKey) },
  models: pathModels,
  // Neither a cache nor thinking is told apart.
  metering: { cached: false, reasoning: false, toolCalls: true },
  operations: [
    {
      kind: 'session',
      method: 'POST',
      path: '/oauth/2.0/token',
      open: openSession,
      refuse: refuseSession,
    },
    { kind: 'chat', method: 'POST', path: chatPath, read: readChat },
    { kind: 'embedding', method: 'POST', path: embeddingsPath, read: readEmbeddings },
    notWithGet(chatPath),
    notWithGet(embeddingsPath),
  ],
  admit,
  refuse,
  emptyReply: (request) =>
    `{"id":"${idOf(request)}","object":"chat.completion","created":${request.createdAt}}`,
  streamError,
  // The vendor's SDK takes its own limits from these.
  headers: () => ({
    'x-ratelimit-limit-requests': '3000',
    'x-ratelimit-limit-tokens': '300000',
  }),
}

function notWithGet(path: string): Operation {
  return { kind: 'plain', method: 'GET', path, open: true, answer: methodRefused }
}

function admit(request: Incoming, { sessions }: Books): { account: string } | Refusal {
  const token = new URLSearchParams(request.query).get('access_token')
  if (token === null || token === '') return { refused: 'missing-key' }
  const found = sessions.find(protocol, token, request.createdAt)
  return typeof found === 'object' ? found : { refused: 'bad-key', variant: `token-${found}` }
}
