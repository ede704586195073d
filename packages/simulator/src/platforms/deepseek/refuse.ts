import type { Incoming, WireReply } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { bearer, jsonReply } from '../kit.ts'

/** DeepSeek's error bodies (fixtures error-*): the code is nearly always `invalid_request_error`, whatever it is about. */
export function refuse(refusal: Refusal, request: Incoming): WireReply {
  const message = refusal.message ?? ''
  switch (refusal.refused) {
    case 'bad-key':
      return error(
        401,
        `Authentication Fails, Your api key: ****${bearer(request)?.slice(-4)} is invalid`,
        'authentication_error',
      )
    case 'missing-key':
      // Not verified word for word.
      return error(
        401,
        'Authentication Fails (auth header format should be Bearer sk-...)',
        'authentication_error',
      )
    case 'unknown-model':
      return error(
        400,
        `The supported API model names are deepseek-v4-pro or deepseek-flash, but you passed ${refusal.model ?? ''}.`,
      )
    case 'malformed-json':
      return error(400, 'Failed to parse the request body as JSON')
    case 'invalid-messages':
      return refuseMessage(refusal.param ?? '', message)
    case 'invalid-parameter':
      return refuseParameter(refusal)
    case 'too-long':
      return error(
        400,
        `This model's maximum context length is ${refusal.allowed ?? 0} tokens. However, you requested ${refusal.found ?? 0} tokens. Please reduce the length of the messages or completion.`,
      )
    case 'rate-limit':
      return error(
        429,
        'Your current concurrency is 40, which exceeds your concurrency limit of 39 based on your remaining balance. Please top up your balance to restore your concurrency.',
        'rate_limit_error',
      )
    case 'free-quota':
    case 'balance':
      // The granted part of a balance has no words of its own.
      return error(402, 'Insufficient Balance', 'unknown_error')
    case 'content-filter':
      return error(400, 'Content Exists Risk')
    case 'overloaded':
      return error(
        503,
        'Service is too busy. We advise users to temporarily switch to alternative LLM API service providers.',
        'service_unavailable_error',
      )
    case 'internal':
      return jsonReply(500, internalError)
  }
}

/** Also what an error inside a stream says; a guess. */
export const internalError = {
  error: { message: 'Internal server error', type: 'server_error', param: null, code: 'server_error' },
}

const form = 'Failed to deserialize the JSON body into the target type'

function refuseMessage(param: string, message: string): WireReply {
  const at = param.replace(/\.(\d+)/, '[$1]')
  if (at.endsWith('.role')) {
    const role = message.split(' ')[0] ?? ''
    return error(
      400,
      `${form}: ${at}: unknown variant \`${role}\`, expected one of \`system\`, \`user\`, \`assistant\`, \`tool\`, \`latest_reminder\` at line 1 column 75`,
    )
  }
  if (at.endsWith('.content')) {
    const place = at.replace(/\.content$/, '')
    return error(422, `${form}: ${place}: invalid type: sequence, expected a string at line 1 column 120`)
  }
  return error(400, message)
}

function refuseParameter({ param = '', message = '', variant }: Refusal): WireReply {
  if (variant === 'worded') return error(400, message)
  if (param === 'response_format.type') return error(400, 'This response_format type is unavailable now')
  const range = / should be in (.+)$/.exec(message)?.[1]
  if (range !== undefined)
    return error(400, `Invalid ${param} value, the valid range of ${param} is ${range}`)
  return error(422, `${form}: ${param}: ${message}`)
}

function error(status: number, message: string, type = 'invalid_request_error'): WireReply {
  return jsonReply(status, { error: { message, type, param: null, code: 'invalid_request_error' } })
}
