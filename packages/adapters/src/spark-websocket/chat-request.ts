import {
  ProviderError,
  type Call,
  type ChatRequest,
  type Refusal,
  type WebSocketExchange,
} from '../contract/index.ts'
import { sparkModel } from '../wire/spark-models.ts'
import { chatParameters } from './chat-parameters.ts'
import { chatPath } from './chat-path.ts'
import { sparkFunctions } from './functions.ts'
import { isLastFrame } from './last-frame.ts'
import { sparkFrameMessages } from './messages.ts'
import { signedUrl } from './signed-url.ts'
import { requestUid } from './uid.ts'

/** One conversation: a signed URL and one frame that says all (provider sheet, sections 3.2 and 3.3). */
export function sparkFrameRequest(request: ChatRequest, call: Call): WebSocketExchange | Refusal {
  const path = chatPath(call)
  if (path === undefined) {
    const message = `Spark's path for the model "${call.upstreamModel}" is not known; the account's option chatPath can name it`
    return { ok: false, error: new ProviderError('model_not_found', { message, param: 'model' }) }
  }
  const text = sparkFrameMessages(request.body['messages'], sparkModel(call.upstreamModel).takesSystem)
  if (text === undefined) {
    const message = "Spark's chat models read text only"
    return { ok: false, error: new ProviderError('invalid_request', { message, param: 'messages' }) }
  }
  return sparkConversation(path, text, request, call)
}

/** The same of messages in Spark's own form, at a path that is known. */
export function sparkConversation(
  path: string,
  text: readonly unknown[],
  request: ChatRequest,
  call: Call,
): WebSocketExchange {
  const functions = sparkFunctions(request.body)
  const frame = {
    header: { app_id: call.credentials['appId'] ?? '', uid: requestUid(call) },
    parameter: { chat: chatParameters(request, call) },
    payload: {
      message: { text },
      ...(functions.length > 0 ? { functions: { text: functions } } : {}),
    },
  }
  return {
    transport: 'websocket',
    // The account's base URL is an http(s) one, like every account's.
    url: signedUrl('GET', new URL(call.baseUrl.replace(/^http/i, 'ws') + path), call),
    headers: {},
    frames: [JSON.stringify(frame)],
    isLast: isLastFrame,
  }
}
