import { ProviderError, type Call, type ChatRequest, type Refusal } from '../contract/index.ts'
import { isObject, objectOf, type MutableJson } from '../wire/json.ts'
import { movedIntoRange } from '../wire/ranges.ts'
import type { BodyEdits } from '../wire/splice.ts'
import { isThinking, thinkingBudget } from './thinking.ts'

/** What DashScope's compatible mode wants different from OpenAI (provider sheet of Tongyi, sections 3 to 5). */
export function tongyiChatEdits(request: ChatRequest, call: Call): BodyEdits | Refusal {
  const { body } = request
  const set: MutableJson = {
    // [0, 2): 2 itself is refused. Old models refuse a top_p of 0 and of 1.
    temperature: movedIntoRange(body['temperature'], 0, 1.99),
    top_p: movedIntoRange(body['top_p'], 0.001, 0.999),
    thinking_budget: thinkingBudget(request, call),
  }
  if (body['tool_choice'] !== 'required') return { set }
  const choice = requiredTool(request, call)
  if (choice === undefined) return refuseRequired()
  return { set: { ...set, tool_choice: choice } }
}

/**
 * DashScope takes `auto`, `none` and one named function, no `required`. With a single tool, naming it means the
 * same; while thinking, that is refused too. With several there is no way to say it, and `auto` would let the model
 * answer in text to a client that cannot read it: refused clearly instead, as the platform itself would.
 */
function requiredTool(request: ChatRequest, call: Call): MutableJson | undefined {
  const tools = request.body['tools']
  if (!Array.isArray(tools) || tools.length !== 1 || isThinking(request, call)) return undefined
  const tool: unknown = tools[0]
  const name = isObject(tool) ? objectOf(tool['function'])?.['name'] : undefined
  return typeof name === 'string' ? { type: 'function', function: { name } } : undefined
}

function refuseRequired(): Refusal {
  const message =
    'This provider has no tool_choice "required" for several tools or while thinking: use "auto" or name a function'
  return { ok: false, error: new ProviderError('invalid_request', { message, param: 'tool_choice' }) }
}
