import type { ChatOperation, ChatRequest } from '../contract/index.ts'
import { functionCallInAnswer, functionCallInStream } from './legacy-function-answer.ts'
import { toolsForFunctions } from './legacy-function-request.ts'

/**
 * The same chat with OpenAI's deprecated `functions`, `function_call` and role `function` carried out here, for platforms
 * that know tools only. Whoever speaks the old form is answered in it: with one `function_call`.
 */
export function legacyFunctions(chat: ChatOperation): ChatOperation {
  return {
    ...chat,
    request: (request, call) => chat.request(withTools(request), call),
    answer(head, body, request, call) {
      const read = chat.answer(head, body, withTools(request), call)
      return asksForFunctions(request) ? functionCallInAnswer(read) : read
    },
    stream(head, sink, request, call) {
      const modern = withTools(request)
      if (!asksForFunctions(request)) return chat.stream(head, sink, modern, call)
      return functionCallInStream(sink, (inner) => chat.stream(head, inner, modern, call))
    },
  }
}

function asksForFunctions({ body }: ChatRequest): boolean {
  return Array.isArray(body['functions']) && body['tools'] === undefined
}

function withTools(request: ChatRequest): ChatRequest {
  const body = toolsForFunctions(request.body)
  return body === undefined ? request : { ...request, body, raw: Buffer.from(JSON.stringify(body)) }
}
