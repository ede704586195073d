import { ProviderError } from '../contract/index.ts'
import type { ChatRequest, Refusal } from '../contract/index.ts'
import { arrayOf, isObject, objectOf } from '../wire/json.ts'
import { normaliseMessages } from '../wire/normalise-messages.ts'
import { fieldsUnknownTo } from '../wire/openai-chat-fields.ts'
import { seedInRange } from '../wire/ranges.ts'
import type { BodyEdits } from '../wire/splice.ts'

/**
 * What Hunyuan's OpenAI endpoint wants otherwise than OpenAI (provider sheet; vendor page 1729/111007): at most 40
 * messages with the system message first and roles alternating, a seed of 1 to 10000, its own way to force a
 * tool, and nothing it does not list: penalties, `response_format`, `n`, `parallel_tool_calls`, `logit_bias`.
 */
export function hunyuanChatEdits(request: ChatRequest): BodyEdits | Refusal {
  const { body } = request
  const messages = normaliseMessages(body['messages'], {
    system: 'first',
    alternate: true,
    // Sent back, the reasoning of an earlier answer is an error on the native API; the endpoint is its front.
    drop: ['reasoning_content'],
  })
  const count = messages?.length ?? arrayOf(body['messages'])?.length ?? 0
  if (count > MESSAGES_MAX) {
    const message = `Hunyuan takes at most ${MESSAGES_MAX} messages a request, this one has ${count}`
    return { ok: false, error: new ProviderError('invalid_request', { message, param: 'messages' }) }
  }
  return {
    drop: [...fieldsUnknownTo(KNOWN, body), 'tool_choice'],
    set: {
      messages,
      seed: seedInRange(body['seed'], 1, 10_000),
      ...toolChoice(body['tool_choice'], arrayOf(body['tools']) ?? []),
    },
  }
}

const MESSAGES_MAX = 40

/**
 * `none`, `auto` and `custom` are Hunyuan's choices; `custom` names the tool beside it. `required` exists only
 * as "this one" when there is one. The name `custom_tool` follows the native `CustomTool` and is not verified.
 */
function toolChoice(choice: unknown, tools: readonly unknown[]): Record<string, unknown> {
  if (isObject(choice)) {
    const name = objectOf(choice['function'])?.['name']
    const tool = tools.find((one) => objectOf(objectOf(one)?.['function'])?.['name'] === name)
    return tool === undefined ? { tool_choice: choice } : { tool_choice: 'custom', custom_tool: tool }
  }
  if (choice !== 'required') return { tool_choice: choice }
  return tools.length === 1 ? { tool_choice: 'custom', custom_tool: tools[0] } : { tool_choice: 'auto' }
}

const KNOWN: ReadonlySet<string> = new Set([
  'stream_options',
  'temperature',
  'top_p',
  'stop',
  'seed',
  'max_tokens',
  'tools',
  'tool_choice',
])
