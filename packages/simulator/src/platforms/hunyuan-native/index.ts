import { admit } from './admit.ts'
import { countTokensOf } from './count-tokens-of.ts'
import { readChat } from './read-chat.ts'
import { readEmbedding } from './read-embedding.ts'
import { refuse, streamError } from './refuse.ts'
import type { Platform } from '../../contract/platform.ts'
import { hunyuanModels } from '../hunyuan-models.ts'

/**
 * Tencent's old platform in its own words: Tencent Cloud API 3.0, signed, every action at the path `/` of the host.
 * Sheet: hunyuan, sections 2 and 5.1.
 */
export const hunyuanNative: Platform = {
  protocol: 'hunyuan-native',
  provider: 'hunyuan',
  basePath: '',
  credentials: {
    secretId: 'AKIDsimHunyuan0000000000000000000001',
    secretKey: 'AKIDsimHunyuan0000000000000000000001-secret',
  },
  models: hunyuanModels,
  // Thinking is part of the completion; only the cached part of a prompt is told apart.
  metering: { cached: true, reasoning: false, toolCalls: true },
  operations: [
    { kind: 'chat', method: 'POST', path: '/', action: 'ChatCompletions', read: readChat },
    { kind: 'embedding', method: 'POST', path: '/', action: 'GetEmbedding', read: readEmbedding },
    {
      kind: 'plain',
      method: 'POST',
      path: '/',
      action: 'GetTokenCount',
      open: false,
      answer: countTokensOf,
    },
  ],
  admit,
  refuse,
  streamError,
  // The official SDK takes an answer for a stream only if its type is exactly this.
  streamContentType: 'text/event-stream',
  emptyReply: (request) => `{"Response":{"Choices":[],"RequestId":"${request.id}"}}`,
  headers: (request) => ({ 'x-tc-requestid': request.id }),
}
