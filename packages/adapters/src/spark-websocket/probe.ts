import type { ChatRequest, ProbeOperation } from '../contract/index.ts'
import { framesOf } from '../wire/frames.ts'
import { isObject, parseJson } from '../wire/json.ts'
import { sparkFailure } from '../wire/spark-errors.ts'
import { chatPath, freeModel } from './chat-path.ts'
import { sparkConversation } from './chat-request.ts'
import { readSignedRefusal } from './errors.ts'

/** No list of models exists: a conversation of one token, with the free model where the account has none of its own. */
export const sparkProbe: ProbeOperation = {
  spends: true,
  request(call) {
    const path = call.upstreamModel === '' ? undefined : chatPath(call)
    return path === undefined
      ? sparkConversation(freeModel.path, messages, hi, { ...call, upstreamModel: freeModel.upstreamModel })
      : sparkConversation(path, messages, hi, call)
  },
  read(head, body, call) {
    if (head.status >= 300) return readSignedRefusal(head, body, call)
    const frames = framesOf(body).map(parseJson).filter(isObject)
    for (const frame of frames) {
      const failure = sparkFailure(frame, head, call)
      if (failure !== undefined) return failure
    }
    // What stands at a wrong base URL answers too, but not with a header.
    return frames.some((frame) => isObject(frame['header'])) ? undefined : readSignedRefusal(head, body, call)
  },
}

const messages = [{ role: 'user', content: 'hi' }]
const hi: ChatRequest = {
  body: { messages },
  raw: Buffer.from(JSON.stringify({ messages })),
  stream: false,
  maxOutputTokens: 1,
}
