import { ProviderError, type Call, type ChatRequest, type Refusal } from '../contract/index.ts'
import { isThinking } from './dashscope-thinking.ts'
import { isObject, objectOf } from './json.ts'

interface NamedFunction {
  readonly type: 'function'
  readonly function: { readonly name: string }
}

/**
 * What to send in place of the client's `tool_choice`, or `undefined` where that can go as it is.
 *
 * DashScope takes `auto`, `none` and one named function, no `required` (provider sheet of Tongyi, section 3). With a
 * single tool, naming it means the same; while thinking, that is refused too. With several there is no way to say it,
 * and `auto` would let the model answer in text to a client that cannot read it: refused clearly instead, as the
 * platform itself would.
 */
export function dashScopeToolChoice(
  request: Pick<ChatRequest, 'body'>,
  call: Call,
): NamedFunction | Refusal | undefined {
  if (request.body['tool_choice'] !== 'required') return undefined
  return requiredTool(request, call) ?? refuseRequired()
}

function requiredTool(request: Pick<ChatRequest, 'body'>, call: Call): NamedFunction | undefined {
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
