import { checkMessages } from './check-messages.ts'
import { checkParameters } from './check-parameters.ts'
import { readTools } from './check-tools.ts'
import { countPrompt } from './count-prompt.ts'
import { readModel } from './read-model.ts'
import type { ChatRules } from './rules.ts'
import type { ChatCall, ChatWire } from '../contract/chat.ts'
import type { Incoming, SimulatedModel } from '../contract/platform.ts'
import { type Refusal, isRefusal } from '../contract/refusal.ts'
import { type JsonObject, isObject, parseObject } from '../json.ts'

/** What a platform says about its chat requests, beside the rules that are data. */
export interface ChatReading {
  /** The chat model of that name, after aliases. */
  findModel(name: string): SimulatedModel | undefined
  rules(model: SimulatedModel): ChatRules
  /** Whatever the rules cannot say, checked after them. */
  check?(body: JsonObject, model: SimulatedModel): Refusal | undefined
  /** Limits, thinking and usage as this platform understands the parameters. */
  meaning(body: JsonObject, model: SimulatedModel): Meaning
  wire(body: JsonObject, model: SimulatedModel, request: Incoming): ChatWire
  /** Prompt tokens the platform adds on its own, such as for a web search nobody switched off. */
  promptSurcharge?(body: JsonObject, model: SimulatedModel): number
  /** Whether several tools may be called at once; OpenAI's `parallel_tool_calls` unless given. */
  parallelTools?(body: JsonObject): boolean
  /** Over-long prompts are cut from the front instead of refused. */
  readonly cutsLongPrompts?: boolean
  /** The prompt and the longest answer must fit the context together. */
  readonly countsAnswerToContext?: boolean
  readonly stopKept?: boolean
}

export type Meaning = Pick<
  ChatCall,
  'usage' | 'answerTokensMax' | 'completionTokensMax' | 'thinking' | 'reasoningTokensMax'
>

/** Reads an OpenAI-shaped chat request strictly: anything the platform would refuse is refused. */
export function readChat(request: Incoming, reading: ChatReading): ChatCall | Refusal {
  const body = parseObject(request.body)
  if (body === undefined) return { refused: 'malformed-json' }
  const model = readModel(body, reading.findModel)
  return isRefusal(model) ? model : readChatBody(body, model, request, reading)
}

/** Reads a body whose names and values are OpenAI's, wherever they came from. */
export function readChatBody(
  body: JsonObject,
  model: SimulatedModel,
  request: Incoming,
  reading: Omit<ChatReading, 'findModel'>,
): ChatCall | Refusal {
  const rules = reading.rules(model)
  const refusal =
    checkParameters(body, rules) ??
    checkMessages(body['messages'], rules.messages) ??
    reading.check?.(body, model)
  if (refusal !== undefined) return { model: model.name, ...refusal }
  const offer = readTools(body, rules.tools)
  if (isRefusal(offer)) return { model: model.name, ...offer }

  const meaning = reading.meaning(body, model)
  const prompt = countPrompt(body)
  const context = model.contextTokens ?? Number.POSITIVE_INFINITY
  let promptTokens = prompt.tokens + (reading.promptSurcharge?.(body, model) ?? 0)
  const asked = reading.countsAnswerToContext === true ? (meaning.completionTokensMax ?? 0) : 0
  if (promptTokens + asked > context) {
    if (reading.cutsLongPrompts !== true) {
      return { refused: 'too-long', model: model.name, found: promptTokens + asked, allowed: context }
    }
    promptTokens = context
  }
  const json = jsonAsked(body)
  return {
    model,
    modelShown: model.name,
    promptTokens,
    userText: prompt.userText,
    userSpokeLast: prompt.userSpokeLast,
    stream: body['stream'] === true,
    ...meaning,
    tools: offer.tools,
    ...(offer.named === undefined ? {} : { toolNamed: offer.named }),
    parallelTools: reading.parallelTools?.(body) ?? body['parallel_tool_calls'] !== false,
    ...(json === undefined ? {} : { json }),
    stop: stopsOf(body['stop']),
    stopKept: reading.stopKept === true,
    wire: reading.wire(body, model, request),
  }
}

/** A positive integer parameter, if it was sent. */
export function limitAt(body: JsonObject, name: string): number | undefined {
  const value = body[name]
  return typeof value === 'number' ? value : undefined
}

/** How `stream_options` asks for usage: an answer that is not streamed always has it. */
export function usageAsked(body: JsonObject): ChatCall['usage'] {
  if (body['stream'] !== true) return 'end'
  const options = body['stream_options']
  if (!isObject(options)) return 'none'
  if (options['chunk_include_usage'] === true) return 'every'
  return options['include_usage'] === true ? 'end' : 'none'
}

function jsonAsked(body: JsonObject): { schema?: unknown } | undefined {
  const format = body['response_format']
  if (!isObject(format) || format['type'] === 'text') return undefined
  const schema = format['json_schema']
  return isObject(schema) && 'schema' in schema ? { schema: schema['schema'] } : {}
}

function stopsOf(stop: unknown): string[] {
  if (typeof stop === 'string') return [stop]
  return Array.isArray(stop) ? stop.filter((item) => typeof item === 'string') : []
}
