import type { Exchange, ProbeOperation } from '../contract/index.ts'
import { tongyiAnswer } from './answer.ts'
import { tongyiChatRequest } from './chat-request.ts'
import { readTongyiError } from './errors.ts'

/**
 * A chat of one token. That the pages for limits and for counting tokens cost nothing is likely, that they refuse a wrong
 * key is not proven (provider sheet, section 2).
 */
export const tongyiProbe: ProbeOperation = {
  spends: true,
  request(call): Exchange | undefined {
    const body = { messages: [{ role: 'user', content: 'hi' }] }
    const request = { body, raw: new Uint8Array(), stream: false, maxOutputTokens: 1 }
    const upstreamModel = call.upstreamModel === '' ? 'qwen-flash' : call.upstreamModel
    const exchange = tongyiChatRequest(request, { ...call, upstreamModel })
    // Nothing of this request can be refused.
    return 'ok' in exchange ? undefined : exchange
  },
  read(head, body, call) {
    if (head.status >= 300) return readTongyiError(head, body, call)
    const answer = tongyiAnswer(head, body, call)
    return answer.ok ? undefined : answer.error
  },
}
