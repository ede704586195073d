import { tongyiModels } from '../../bailian/models.ts'
import type { ChatOperation, Platform } from '../../contract/platform.ts'
import { admitKey, bearer } from '../kit.ts'
import { readNativeChat } from './read-chat.ts'
import { readNativeEmbeddings } from './read-embeddings.ts'
import { refuse, streamError } from './refuse.ts'

const base = '/tongyi/api/v1'

const generation = (service: 'text' | 'multimodal'): ChatOperation => ({
  kind: 'chat',
  method: 'POST',
  path: `${base}/services/aigc/${service}-generation/generation`,
  read: (request) => readNativeChat(request, service),
})

/** Alibaba Bailian's native interface, DashScope. Sheet: tongyi, sections 1 to 3 and 5 to 7. */
export const tongyiNative: Platform = {
  protocol: 'tongyi-native',
  provider: 'tongyi',
  basePath: base,
  credentials: { apiKey: 'sk-sim-tongyi-1' },
  models: tongyiModels,
  metering: { cached: true, reasoning: true, toolCalls: true },
  operations: [
    generation('text'),
    generation('multimodal'),
    {
      kind: 'embedding',
      method: 'POST',
      path: `${base}/services/embeddings/text-embedding/text-embedding`,
      read: readNativeEmbeddings,
    },
  ],
  // Keys of the coding plan look alike and belong to another host.
  admit: (request) =>
    bearer(request)?.startsWith('sk-sp-') === true
      ? { refused: 'bad-key', variant: 'plan' }
      : admitKey(request, /^sk-/),
  refuse,
  streamError,
  emptyReply: (request) => `{"output":{"choices":[]},"request_id":"${request.id}"}`,
  headers: (request) => ({ 'x-request-id': request.id, 'x-dashscope-timeout': '180' }),
}
