import type { Call, ChatRequest } from '../contract/index.ts'
import { fieldsUnknownTo } from '../wire/openai-chat-fields.ts'
import { movedIntoRange } from '../wire/ranges.ts'
import { jsonObjectForSchema } from '../wire/response-format.ts'
import { sparkMaxTokens } from '../wire/spark-max-tokens.ts'
import { sparkModel, type SparkModel } from '../wire/spark-models.ts'
import { sparkPenalties, unsafePenalties } from '../wire/spark-penalties.ts'
import type { BodyEdits } from '../wire/splice.ts'
import { sparkMessages } from './messages.ts'
import { sparkToolChoice, sparkTools } from './tools.ts'

/**
 * What Spark's HTTP interface wants otherwise than OpenAI (provider sheet, section 2.1; vendor page HTTP调用文档.html):
 * shorter function names, web search switched off, `tool_calls_switch` for tool calls in a list, its own ranges.
 * `stop` is not documented: the readers of the answer carry it out instead.
 */
export function sparkChatEdits(request: ChatRequest, call: Call): BodyEdits {
  const { body } = request
  const model = sparkModel(call.upstreamModel)
  const maxTokens = sparkMaxTokens(request, model)
  return {
    drop: [
      ...fieldsUnknownTo(KNOWN, body),
      ...(model.fixedSampling ? ['temperature', 'top_p', ...sparkPenalties.keys()] : unsafePenalties(body)),
    ],
    set: {
      messages: sparkMessages(body['messages'], model.takesSystem),
      ...(maxTokens === undefined ? {} : { [sparkMaxTokensName(model)]: maxTokens }),
      tools: sparkTools(body, model.searchesByDefault),
      tool_choice: sparkToolChoice(body['tool_choice']),
      tool_calls_switch: true,
      response_format: jsonObjectForSchema(body['response_format']),
      ...(model.fixedSampling
        ? {}
        : {
            temperature: movedIntoRange(body['temperature'], 0, 2),
            top_p: movedIntoRange(body['top_p'], TOP_P_MIN, 1),
          }),
    },
  }
}

export function sparkMaxTokensName(model: SparkModel): 'max_tokens' | 'max_completion_tokens' {
  return model.fixedSampling ? 'max_completion_tokens' : 'max_tokens'
}

/** The range is (0, 1]. */
const TOP_P_MIN = 0.01

const KNOWN: ReadonlySet<string> = new Set([
  'temperature',
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'max_tokens',
  'response_format',
  'tools',
  'tool_choice',
  'user',
])
