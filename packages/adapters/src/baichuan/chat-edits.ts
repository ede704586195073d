import type { Call, ChatRequest } from '../contract/index.ts'
import { normaliseMessages } from '../wire/normalise-messages.ts'
import { fieldsUnknownTo } from '../wire/openai-chat-fields.ts'
import { movedIntoRange } from '../wire/ranges.ts'
import { jsonObjectForSchema } from '../wire/response-format.ts'
import type { BodyEdits } from '../wire/splice.ts'

/**
 * What Baichuan wants otherwise than OpenAI (provider sheet, from the vendor's pages of 2023-24 and client code):
 * a temperature of [0, 1], a `top_p` below 1, its own caps of `max_tokens`, and none of the fields it does not
 * document, `stream_options` among them: usage comes without being asked for. `stop` is carried out on the answer.
 */
export function baichuanChatEdits(request: ChatRequest, call: Call): BodyEdits {
  const { body } = request
  const model = call.upstreamModel
  const unknown = fieldsUnknownTo(KNOWN, body).filter(
    // `metadata` is OpenAI's label store, but M3-Plus reads its `evidence_scope` there.
    (name) => name !== 'metadata' || !/^Baichuan-M3-Plus/i.test(model),
  )
  return {
    drop: unknown,
    set: {
      messages: normaliseMessages(body['messages'], {
        // The line before Baichuan3 took no system message (client code); only the M line takes lists of parts.
        ...(/^Baichuan2/i.test(model) ? { system: 'fold' } : {}),
        ...(/^Baichuan-M/i.test(model) ? {} : { textParts: 'join' }),
      }),
      ...cappedMaxTokens(request.maxOutputTokens, model),
      temperature: movedIntoRange(body['temperature'], 0, 1),
      top_p: movedIntoRange(body['top_p'], 0, TOP_P_MAX),
      response_format: jsonObjectForSchema(body['response_format']),
    },
  }
}

/** `top_p` ends before 1; clients that send 1 mean "no limit". */
const TOP_P_MAX = 0.99

function cappedMaxTokens(asked: number | undefined, model: string): { max_tokens?: number } {
  return asked === undefined ? {} : { max_tokens: Math.min(asked, maxTokensCap(model)) }
}

/** [1, 2048] is documented for the 2, 3 and 4 lines; the M line goes to the output size of its model. */
function maxTokensCap(model: string): number {
  if (/^Baichuan-M3-Plus/i.test(model)) return 16_000
  if (/^Baichuan-M3/i.test(model)) return 30_000
  if (/^Baichuan-M/i.test(model)) return 32_000
  return 2048
}

const KNOWN: ReadonlySet<string> = new Set([
  'temperature',
  'top_p',
  'max_tokens',
  'tools',
  'tool_choice',
  'response_format',
])
