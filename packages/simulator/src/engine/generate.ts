import { countTokens } from './count-tokens.ts'
import { type Piece, cutPieces } from './cut-pieces.ts'
import { type Random, hashText, pick, randomFrom } from './random.ts'
import { type Directives, readDirectives } from './read-directives.ts'
import { writeJson } from './write-json.ts'
import { writeText, writeThoughts } from './write-text.ts'
import type { Answer, ChatCall, ToolCall, ToolDefinition, Usage } from '../contract/chat.ts'
import type { Metering } from '../contract/platform.ts'

/** An answer with the pieces it is streamed in and the pace asked for. */
export interface Generated {
  readonly answer: Answer
  readonly reasoning: readonly Piece[]
  readonly text: readonly Piece[]
  readonly chunkTokens: number
  readonly gapMs: number | undefined
}

interface Circumstances {
  readonly id: string
  readonly createdAt: number
  readonly seed: number
  readonly metering: Metering
  /** How a fault has the usage told. */
  readonly usage: Answer['usageShown'] | undefined
  /** The platform filters the answer: the finish reason comes, with the platform's own words if it has any. */
  readonly filtered: boolean
}

const reasoningTokensDefault = 12
/** Text beside tool calls, where a platform has any. */
const remarkTokensDefault = 6

/** The answer to a call: the same for the same request and seed, but for its id and time. */
export function generate(call: ChatCall, circumstances: Circumstances): Generated {
  const directives = readDirectives(call.userText)
  const hash = hashText(call.userText + call.model.name, circumstances.seed)
  const random = randomFrom(hash)
  const chunkTokens = Math.max(1, directives.chunk ?? 1)
  const completionMax = call.completionTokensMax ?? Number.POSITIVE_INFINITY

  const thoughts = circumstances.filtered ? 0 : reasoningWanted(call, directives)
  const reasoning = cutPieces(writeThoughts(thoughts, random), chunkTokens, Math.min(thoughts, completionMax))
  const answerMax = Math.min(
    call.answerTokensMax ?? Number.POSITIVE_INFINITY,
    completionMax - reasoning.tokens,
  )

  const body = circumstances.filtered
    ? filteredBody(call, chunkTokens)
    : speak(call, directives, { answerMax, chunkTokens, random, id: circumstances.id, hash })
  const answerTokens = body.toolCalls.length > 0 && !circumstances.metering.toolCalls ? 0 : body.tokens
  const used = usageOf(call, directives, circumstances.metering, answerTokens, reasoning.tokens)
  return {
    answer: {
      id: circumstances.id,
      createdAt: circumstances.createdAt,
      model: call.modelShown,
      reasoning: reasoning.text,
      text: body.text,
      toolCalls: body.toolCalls,
      finish: body.finish,
      used,
      usageShown: circumstances.usage ?? call.usage,
    },
    reasoning: reasoning.pieces,
    text: body.pieces,
    chunkTokens,
    gapMs: directives.gap,
  }
}

/** The running usage after `answer` and `reasoning` tokens of one call. */
export function usageAfter(total: Usage, answer: number, reasoning: number): Usage {
  const completion = answer + reasoning
  return { ...total, answer, reasoning, completion, total: total.prompt + completion }
}

function usageOf(
  call: ChatCall,
  directives: Directives,
  metering: Metering,
  answer: number,
  reasoning: number,
): Usage {
  const prompt = call.promptTokens
  const cached = metering.cached ? Math.min(directives.cached ?? 0, prompt) : 0
  return usageAfter({ prompt, cached, answer: 0, reasoning: 0, completion: 0, total: 0 }, answer, reasoning)
}

function reasoningWanted(call: ChatCall, directives: Directives): number {
  if (call.thinking === 'forbidden') return 0
  const wanted = directives.reasoning ?? (call.thinking === 'on' ? reasoningTokensDefault : 0)
  return Math.min(wanted, call.reasoningTokensMax ?? wanted)
}

interface Body {
  readonly text: string
  readonly pieces: readonly Piece[]
  readonly tokens: number
  readonly toolCalls: readonly ToolCall[]
  readonly finish: Answer['finish']
}

const nothing: Body = { text: '', pieces: [], tokens: 0, toolCalls: [], finish: 'stop' }

interface Speaking {
  readonly answerMax: number
  readonly chunkTokens: number
  readonly random: Random
  readonly id: string
  readonly hash: number
}

function speak(call: ChatCall, directives: Directives, speaking: Speaking): Body {
  if (call.tools.length > 0 && call.userSpokeLast && directives.tools !== 0) {
    return callTools(call, directives, speaking)
  }
  const wanted = directives.tokens ?? 20 + (speaking.hash % 9)
  const whole =
    call.json === undefined ? undefined : jsonText(call, call.json.schema, wanted, speaking.random)
  const text = whole ?? writeText(call.userText, wanted, speaking.random)
  const limit = whole === undefined ? Math.min(wanted, speaking.answerMax) : speaking.answerMax
  const cut = cutPieces(text, speaking.chunkTokens, limit)
  const tooLong = whole === undefined ? wanted > speaking.answerMax : cut.truncated
  const stopAt = firstStop(cut.text, call)
  if (stopAt === undefined) {
    return { ...cut, toolCalls: [], finish: tooLong ? 'length' : 'stop' }
  }
  const stopped = cutPieces(cut.text.slice(0, stopAt), speaking.chunkTokens)
  return { ...stopped, toolCalls: [], finish: 'stop' }
}

function filteredBody(call: ChatCall, chunkTokens: number): Body {
  const words = cutPieces(call.filteredText ?? '', chunkTokens)
  return { ...words, toolCalls: [], finish: 'content_filter' }
}

/** Where the answer ends because of the request's stop texts. */
function firstStop(text: string, call: ChatCall): number | undefined {
  let at: number | undefined
  for (const stop of call.stop) {
    const found = stop === '' ? -1 : text.indexOf(stop)
    if (found < 0) continue
    const end = call.stopKept === true ? found + stop.length : found
    if (at === undefined || end < at) at = end
  }
  return at
}

/** A JSON object; without a schema one of exactly `tokens` tokens, if that is enough for any object at all. */
function jsonText(call: ChatCall, schema: unknown, tokens: number, random: Random): string {
  if (schema !== undefined) return JSON.stringify(writeJson(schema, random))
  const begin = '{"answer":"'
  const end = '"}'
  // Both ends are 13 ASCII characters: 4 tokens with 3 characters to spare, which the first words use up.
  const filled = cutPieces(
    `${'.'.repeat(begin.length + end.length)}${writeText(call.userText, tokens, random)}`,
    1,
    tokens,
  )
  return begin + filled.text.slice(begin.length + end.length) + end
}

function callTools(call: ChatCall, directives: Directives, speaking: Speaking): Body {
  const offered =
    call.toolNamed === undefined ? call.tools : call.tools.filter((tool) => tool.name === call.toolNamed)
  const wanted = call.parallelTools ? Math.max(1, Math.min(directives.tools ?? 1, 128)) : 1
  const toolCalls: ToolCall[] = []
  let tokens = 0
  let cutOff = false
  for (let index = 0; index < wanted && !cutOff; index += 1) {
    const tool = offered[index % Math.max(1, offered.length)]
    if (tool === undefined) break
    const made = callTool(tool, index, speaking)
    const left = speaking.answerMax - tokens
    const whole = countTokens(made.name + made.arguments)
    cutOff = whole > left
    if (!cutOff) {
      toolCalls.push(made)
      tokens += whole
      continue
    }
    const cut = cutPieces(made.name + made.arguments, 1, left)
    if (cut.text.length > made.name.length) {
      toolCalls.push({ ...made, arguments: cut.text.slice(made.name.length) })
      tokens += cut.tokens
    }
  }
  if (cutOff || call.textAfterTools !== true) {
    return { ...nothing, tokens, toolCalls, finish: cutOff ? 'length' : 'tool_calls' }
  }
  const remarkTokens = Math.min(directives.tokens ?? remarkTokensDefault, speaking.answerMax - tokens)
  const remark = cutPieces(
    writeText(call.userText, remarkTokens, speaking.random),
    speaking.chunkTokens,
    remarkTokens,
  )
  return { ...remark, tokens: tokens + remark.tokens, toolCalls, finish: 'tool_calls' }
}

function callTool(tool: ToolDefinition, index: number, speaking: Speaking): ToolCall {
  const value = writeJson(tool.parameters ?? { type: 'object' }, speaking.random)
  const suffix = speaking.id.replaceAll('-', '').slice(0, 20)
  const letter = pick([...'abcdef'], speaking.random) ?? 'a'
  return { index, id: `${letter}${suffix}${index}`, name: tool.name, arguments: JSON.stringify(value) }
}
