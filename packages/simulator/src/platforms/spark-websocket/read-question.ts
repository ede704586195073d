import { countTokens } from '../../engine/count-tokens.ts'
import { checkMessages } from '../../openai-shape/check-messages.ts'
import { checkRanges, invalid } from '../../openai-shape/check-parameters.ts'
import { countPrompt } from '../../openai-shape/count-prompt.ts'
import { limitAt } from '../../openai-shape/read-chat.ts'
import type { MessageRules, NumberRange } from '../../openai-shape/rules.ts'
import type { ChatCall, ToolDefinition } from '../../contract/chat.ts'
import type { Incoming, SimulatedModel } from '../../contract/platform.ts'
import { type Refusal, isRefusal } from '../../contract/refusal.ts'
import { type JsonObject, isObject, parseObject } from '../../json.ts'
import { isCapable, isThinking, outputTokensDefault, searchOf, thinkingOf } from '../spark-kit.ts'
import { misshapen, objectAt, readHeader } from './read-header.ts'
import { sparkFrames } from './wire.ts'

/** What is served at one URL: one model, by whichever names its `domain` goes. */
export interface Service {
  readonly model: SimulatedModel
  readonly domains: readonly string[]
}

/** Reads the request frame of a conversation (sheet, section 3.3). Fields it does not list are ignored. */
export function readQuestion(request: Incoming, { model, domains }: Service): ChatCall | Refusal {
  const body = parseObject(request.body)
  if (body === undefined) return { refused: 'malformed-json' }
  const header = readHeader(body)
  if (isRefusal(header)) return header
  const chat = objectAt(body, 'parameter', 'chat')
  const domain = chat?.['domain']
  if (chat === undefined || typeof domain !== 'string') return misshapen('parameter.chat.domain')
  if (!domains.includes(domain)) return { refused: 'unknown-model', model: domain }
  const messages = objectAt(body, 'payload', 'message')?.['text']
  if (!Array.isArray(messages)) return misshapen('payload.message.text')
  const refusal = checkChat(chat, model) ?? checkMessages(messages, messageRules(model))
  if (refusal !== undefined) return { model: model.name, ...refusal }
  const functions = readFunctions(objectAt(body, 'payload')?.['functions'], model)
  if (isRefusal(functions)) return { model: model.name, ...functions }

  const prompt = countPrompt({ messages })
  const search = searchOf(chat['tools'], model)
  const promptTokens = prompt.tokens + functions.tokens + search.tokens
  const context = model.contextTokens ?? Number.POSITIVE_INFINITY
  if (promptTokens > context) {
    return { refused: 'too-long', model: model.name, found: promptTokens, allowed: context }
  }
  return {
    model,
    modelShown: model.name,
    promptTokens,
    userText: prompt.userText,
    userSpokeLast: prompt.userSpokeLast,
    stream: true,
    usage: 'end',
    completionTokensMax: limitAt(chat, 'max_tokens') ?? outputTokensDefault(model),
    thinking: thinkingOf(chat['thinking'], model),
    tools: functions.offered,
    // A frame has room for one call.
    parallelTools: false,
    stop: [],
    ...header,
    wire: sparkFrames(search.showsSources),
  }
}

function checkChat(chat: JsonObject, model: SimulatedModel): Refusal | undefined {
  const thinks = model.name === 'spark-x'
  const asked = chat['thinking']
  if (thinks && asked !== undefined && !isThinking(asked)) {
    return invalid('thinking.type', 'thinking.type is not valid')
  }
  const tools = chat['tools']
  if (tools !== undefined && !(Array.isArray(tools) && tools.every(isSearch))) {
    return invalid('tools', 'tools takes web_search only; functions go into the payload')
  }
  return checkRanges(chat, { ...ranges(model), ...(thinks ? thinkingRanges : {}) })
}

function isSearch(tool: unknown): boolean {
  return isObject(tool) && tool['type'] === 'web_search' && isObject(tool['web_search'])
}

function ranges(model: SimulatedModel): Record<string, NumberRange> {
  return {
    // The cap of 1 is for the general models: the vendor's SDK sends 1.2 to X1. That 2 is the limit there is a guess.
    temperature: { min: 0, max: model.name === 'spark-x' ? 2 : 1, above: true },
    top_k: { min: 1, max: 6, integer: true },
    max_tokens: { min: 1, max: model.outputTokensMax ?? 4096, integer: true },
  }
}

/** Listed for X1 alone. The vendor's SDK sends a presence penalty of 2.01, beyond the range of every page. */
const thinkingRanges: Record<string, NumberRange> = {
  top_p: { min: 0, max: 1, above: true },
  presence_penalty: { min: -2, max: 3 },
  frequency_penalty: { min: -2, max: 2 },
}

/** There is no role for a function's result, and no call in the history. */
function messageRules(model: SimulatedModel): MessageRules {
  return {
    roles: isCapable(model) ? ['system', 'user', 'assistant'] : ['user', 'assistant'],
    system: 'first',
    alternate: true,
    endsWithUser: true,
    emptyContent: false,
    parts: false,
    images: false,
    refusedFields: ['tool_calls', 'tool_call_id', 'function_call'],
  }
}

interface Functions {
  readonly offered: readonly ToolDefinition[]
  readonly tokens: number
}

/** Functions are bare: name, description and parameters without a wrapper. */
function readFunctions(functions: unknown, model: SimulatedModel): Functions | Refusal {
  if (functions === undefined) return { offered: [], tokens: 0 }
  const at = 'payload.functions.text'
  const list = isObject(functions) ? functions['text'] : undefined
  if (!Array.isArray(list) || list.length === 0) return misshapen(at)
  if (!isCapable(model)) return invalid(at, 'the model does not support functions')
  const offered: ToolDefinition[] = []
  let tokens = 0
  for (const definition of list) {
    const name: unknown = isObject(definition) ? definition['name'] : undefined
    const parameters: unknown = isObject(definition) ? definition['parameters'] : undefined
    if (typeof name !== 'string' || !isObject(parameters)) return misshapen(at)
    if (!/^[A-Za-z0-9_]{1,32}$/.test(name))
      return invalid(at, 'a function name takes 32 letters, digits and _')
    offered.push({ name, parameters })
    tokens += countTokens(JSON.stringify(definition))
  }
  return { offered, tokens }
}
