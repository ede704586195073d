import { ApiError, toApiError } from '../../../shared/api/api-error.ts'
import { api, unwrap } from '../../../shared/api/client.ts'
import type { RequestDetail } from '../../../shared/api/types.ts'

export interface TestAnswer {
  readonly text: string
  readonly requestId: string | undefined
  readonly durationMs: number
}

/**
 * One small chat request through the gateway, with a key and from here, exactly as a client would send it.
 * A refusal comes in OpenAI's error body and is thrown as `ApiError`.
 */
export async function sendTestRequest(input: {
  secret: string
  model: string
  prompt: string
}): Promise<TestAnswer> {
  const started = performance.now()
  let response: Response
  try {
    response = await fetch('/v1/chat/completions', {
      method: 'POST',
      // The session opens no gateway route: only the key does.
      credentials: 'omit',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${input.secret}` },
      body: JSON.stringify({
        model: input.model,
        messages: [{ role: 'user', content: input.prompt }],
        max_tokens: 256,
      }),
    })
  } catch {
    throw new ApiError(0, 'unreachable', '')
  }
  const body: unknown = await response.json().catch(() => undefined)
  if (!response.ok) throw gatewayError(response.status, body)
  return {
    text: answerText(body),
    requestId: response.headers.get('x-request-id') ?? undefined,
    durationMs: performance.now() - started,
  }
}

/** The booked request. It is there when the answer has ended; the log may need a moment to show it. */
export async function bookedRequest(id: string): Promise<RequestDetail> {
  return unwrap(api.GET('/api/requests/{id}', { params: { path: { id } } }))
}

/** Our own words for codes are about the dashboard's session; the gateway's messages speak for themselves. */
function gatewayError(status: number, body: unknown): ApiError {
  const error = toApiError(status, body)
  return new ApiError(status, `gateway_${error.code}`, error.message)
}

function answerText(body: unknown): string {
  if (!isRecord(body) || !Array.isArray(body['choices'])) return ''
  const choice: unknown = body['choices'][0]
  const message = isRecord(choice) ? choice['message'] : undefined
  if (!isRecord(message)) return ''
  const { content, reasoning_content: reasoning } = message
  if (typeof content === 'string' && content !== '') return content
  return typeof reasoning === 'string' ? reasoning : ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
