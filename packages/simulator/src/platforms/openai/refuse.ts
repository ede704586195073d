import type { WireReply } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { jsonReply } from '../kit.ts'

const invalid = 'invalid_request_error'

/** OpenAI's own error bodies (fixtures error-*). */
export function refuse(refusal: Refusal): WireReply {
  const param = refusal.param ?? null
  switch (refusal.refused) {
    case 'bad-key':
    case 'missing-key':
      return error(401, 'Incorrect API key provided.', invalid, null, 'invalid_api_key')
    case 'unknown-model':
      return error(
        404,
        `The model \`${refusal.model ?? ''}\` does not exist or you do not have access to it.`,
        invalid,
        null,
        'model_not_found',
      )
    case 'malformed-json':
      return error(400, 'We could not parse the JSON body of your request.', invalid, null, null)
    case 'invalid-parameter':
    case 'invalid-messages':
      return error(400, refusal.message ?? 'Invalid parameter.', invalid, param, 'invalid_value')
    case 'too-long':
      return error(
        400,
        `This model's maximum context length is ${refusal.allowed ?? 0} tokens. However, your messages resulted in ${refusal.found ?? 0} tokens.`,
        invalid,
        'messages',
        'context_length_exceeded',
      )
    case 'rate-limit':
      return error(429, 'Rate limit reached for requests', 'rate_limit_error', null, 'rate_limit_exceeded')
    case 'free-quota':
    case 'balance':
      return error(
        429,
        'You exceeded your current quota, please check your plan and billing details.',
        'insufficient_quota',
        null,
        'insufficient_quota',
      )
    case 'content-filter':
      return error(400, 'The response was filtered.', invalid, 'prompt', 'content_filter')
    case 'overloaded':
      return error(
        503,
        'The engine is currently overloaded, please try again later',
        'server_error',
        null,
        null,
      )
    case 'internal':
      return error(500, 'The server had an error while processing your request.', 'server_error', null, null)
  }
}

function error(
  status: number,
  message: string,
  type: string,
  param: string | null,
  code: string | null,
): WireReply {
  return jsonReply(status, { error: { message, type, param, code } })
}
