import type { Operation, Platform } from '../../contract/platform.ts'
import { admitKey, jsonReply, openaiModelList, q } from '../kit.ts'
import { deepseekModels } from './models.ts'
import { readDeepseekChat } from './reading.ts'
import { internalError, refuse } from './refuse.ts'

const base = '/deepseek'

/** `/v1` may stand before every path but those of the account. */
const chatAndModels = (path: string): Operation[] => [
  { kind: 'chat', method: 'POST', path: `${path}/chat/completions`, read: readDeepseekChat },
  {
    kind: 'plain',
    method: 'GET',
    path: `${path}/models`,
    open: false,
    answer: () => openaiModelList(deepseekModels, 'deepseek'),
  },
]

/** DeepSeek. Sheet: openai-compatible, sections 1 to 7. */
export const deepseek: Platform = {
  protocol: 'deepseek',
  provider: 'deepseek',
  basePath: base,
  alternatives: [{ basePath: `${base}/v1`, models: deepseekModels }],
  credentials: { apiKey: 'sk-sim-deepseek-1' },
  models: deepseekModels,
  metering: { cached: true, reasoning: true, toolCalls: true },
  operations: [
    ...chatAndModels(base),
    ...chatAndModels(`${base}/v1`),
    { kind: 'plain', method: 'GET', path: `${base}/user/balance`, open: false, answer: () => balance },
  ],
  admit: (request) => admitKey(request, /^sk-/),
  refuse,
  streamError: () => `data: ${q(internalError)}\n\n`,
  emptyReply: (request) =>
    q({ id: request.id, object: 'chat.completion', created: request.createdAt, choices: [] }),
  headers: (request) => ({ 'x-ds-trace-id': request.id.replaceAll('-', '') }),
}

/** Always the same: nothing here is paid for in money. */
const balance = jsonReply(200, {
  is_available: true,
  balance_infos: [
    { currency: 'CNY', total_balance: '110.00', granted_balance: '10.00', topped_up_balance: '100.00' },
  ],
})
