import type { Call, ChatRequest, HttpExchange, Refusal } from '../contract/index.ts'
import { dashScopeHeaders } from '../wire/dashscope-account.ts'
import { mustStream } from '../wire/dashscope-thinking.ts'
import { dashScopeToolChoice } from '../wire/dashscope-tool-choice.ts'
import { generationOf } from './generation.ts'
import { tongyiMessages } from './messages.ts'
import { tongyiParameters } from './parameters.ts'

/**
 * OpenAI's chat as DashScope's (provider sheet, sections 2 and 3). Models that only answer as a stream are asked for
 * one, which is folded into the answer.
 */
export function tongyiChatRequest(request: ChatRequest, call: Call): HttpExchange | Refusal {
  const { body } = request
  const generation = generationOf(body['messages'], call)
  const messages = tongyiMessages(body['messages'], generation)
  if ('ok' in messages) return messages
  const toolChoice = dashScopeToolChoice(request, call)
  if (toolChoice !== undefined && 'ok' in toolChoice) return toolChoice

  const streams = request.stream || mustStream(request, call)
  const parameters = tongyiParameters(request, call, streams)
  return {
    transport: 'http',
    method: 'POST',
    url: `${call.baseUrl}/services/aigc/${generation}-generation/generation`,
    headers: {
      ...dashScopeHeaders(call, streams),
      ...(streams ? { 'x-dashscope-sse': 'enable' } : {}),
    },
    body: JSON.stringify({
      model: call.upstreamModel,
      input: { messages },
      parameters: toolChoice === undefined ? parameters : { ...parameters, tool_choice: toolChoice },
    }),
  }
}
