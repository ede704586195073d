import type { Call, ChatRequest } from '../contract/index.ts'
import { thinkingBudget, thinkingSwitch } from '../wire/dashscope-thinking.ts'
import type { JsonObject, MutableJson } from '../wire/json.ts'
import { fieldsUnknownTo } from '../wire/openai-chat-fields.ts'
import { movedIntoRange, seedInRange } from '../wire/ranges.ts'

/**
 * The `parameters` of a chat (provider sheet, section 3): what the client sent, OpenAI's fields that DashScope knows
 * under the same names and the vendor's own, with what must be otherwise. `n` is dropped like the other fields that are
 * not known: a few models take it, but streams tell one choice from another in newer recordings only.
 */
export function tongyiParameters(request: ChatRequest, call: Call, streams: boolean): MutableJson {
  const { body } = request
  const own = parametersIn(body)
  const thinks = thinkingSwitch(request, call)
  if (thinks !== undefined) delete own['reasoning_effort']
  return {
    ...own,
    // [0, 2): 2 itself is refused. Old models refuse a top_p of 0 and of 1.
    temperature: movedIntoRange(own['temperature'], 0, 1.99) ?? own['temperature'],
    top_p: movedIntoRange(own['top_p'], 0.001, 0.999) ?? own['top_p'],
    // 64 bits by one page, 31 by another.
    seed: seedInRange(own['seed'], 0, 2 ** 31 - 1) ?? own['seed'],
    enable_thinking: thinks ?? own['enable_thinking'],
    thinking_budget: thinkingBudget(request, call) ?? own['thinking_budget'],
    max_tokens: request.maxOutputTokens,
    // Otherwise many models answer with a text and no choices.
    result_format: 'message',
    // The old default repeats the whole text in every frame, and thinking models refuse it.
    ...(streams ? { incremental_output: true } : {}),
  }
}

/** Null is how some clients leave a field out. */
function parametersIn(body: JsonObject): MutableJson {
  const not = new Set([...SAID_ELSEWHERE, ...fieldsUnknownTo(KNOWN, body)])
  return Object.fromEntries(Object.entries(body).filter(([name, value]) => value !== null && !not.has(name)))
}

const SAID_ELSEWHERE = ['model', 'messages', 'stream', 'result_format', 'incremental_output']

const KNOWN: ReadonlySet<string> = new Set([
  'logprobs',
  'parallel_tool_calls',
  'presence_penalty',
  'reasoning_effort',
  'response_format',
  'seed',
  'stop',
  'temperature',
  'tool_choice',
  'tools',
  'top_logprobs',
  'top_p',
])
