import type { Answer, Usage } from '../contract/chat.ts'
import type { Incoming, SimulatedModel, WireReply } from '../contract/platform.ts'
import type { Refusal } from '../contract/refusal.ts'

/** JSON text of a value; short because every writer is full of it. */
export const q = (value: unknown): string => JSON.stringify(value)

/** The token of an `Authorization: Bearer` header. */
export function bearer(request: Incoming): string | undefined {
  const header = request.headers.authorization
  return header?.startsWith('Bearer ') === true ? header.slice('Bearer '.length).trim() : undefined
}

/**
 * Admits every key of the right look that says `sim`; each is an account of its own, named by its key. `looks` is the
 * platform's pattern of keys.
 */
export function admitKey(request: Incoming, looks: RegExp): { account: string } | Refusal {
  const key = bearer(request)
  if (key === undefined || key === '') return { refused: 'missing-key' }
  return looks.test(key) && key.includes('sim') ? { account: key } : { refused: 'bad-key' }
}

/** Model look-up by exact name among the models of one kind. */
export function finder(models: readonly SimulatedModel[], kind: SimulatedModel['kind']) {
  const byName = new Map(models.filter((model) => model.kind === kind).map((model) => [model.name, model]))
  return (name: string): SimulatedModel | undefined => byName.get(name)
}

/** Something made once for each chat model. */
export function perModel<Made>(models: readonly SimulatedModel[], make: (model: SimulatedModel) => Made) {
  const made = new Map(models.map((model) => [model, make(model)]))
  return (model: SimulatedModel): Made => made.get(model) ?? make(model)
}

const thinkers = new WeakMap<SimulatedModel, boolean>()

/** Families whose models think unless told not to, by the marks their names carry. */
export function thinksByName(model: SimulatedModel): boolean {
  let thinks = thinkers.get(model)
  if (thinks === undefined) {
    thinks = /thinking|-r1|x1|t1|seed/i.test(model.name)
    thinkers.set(model, thinks)
  }
  return thinks
}

/** The three counts every platform reports. */
export function basicUsage(used: Usage): string {
  return `"prompt_tokens":${used.prompt},"completion_tokens":${used.completion},"total_tokens":${used.total}`
}

/** A usage of nothing but them. */
export const plainUsage = (used: Usage): string => `{${basicUsage(used)}}`

const nullUsage = ',"usage":null'

/** The `usage` field with the comma before it, or nothing where it is not told. */
export interface UsageFields {
  /** In a chunk before the usage is due. */
  running(used: Usage): string
  /** Where it is due: in a whole answer, and at the end of a stream. */
  due(used: Usage): string
}

/**
 * How an answer tells its usage, so that no platform decides that on its own. `write` is the platform's form of the
 * value; `untilDue` says whether its chunks leave the field out until it is due or carry it as `null`.
 */
export function usageFields(
  answer: Answer,
  write: (used: Usage) => string,
  untilDue: 'absent' | 'null' = 'absent',
): UsageFields {
  const told = (used: Usage) => `,"usage":${write(used)}`
  const asNull = () => nullUsage
  const absent = () => ''
  const waiting = untilDue === 'null' ? asNull : absent
  switch (answer.usageShown) {
    case 'none':
      return { running: waiting, due: absent }
    case 'null':
      return { running: asNull, due: asNull }
    case 'end':
      return { running: waiting, due: told }
    case 'every':
      return { running: told, due: told }
  }
}

/** The `usage` of an embeddings reply, in OpenAI's form unless `write` has another; `tokens` as the engine tells them. */
export function embeddingUsage(
  tokens: number | null | undefined,
  write = (count: number) => `{"prompt_tokens":${count},"total_tokens":${count}}`,
): string {
  if (tokens === undefined) return ''
  return tokens === null ? nullUsage : `,"usage":${write(tokens)}`
}

/** OpenAI's tool calls of a whole answer, with ids in the platform's style. */
export function toolCallsOf(answer: Answer, idPrefix = 'call_'): unknown[] {
  return answer.toolCalls.map((call) => ({
    id: idPrefix + call.id,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }))
}

/** A reply with a JSON body. */
export function jsonReply(status: number, body: unknown): WireReply {
  return { status, body: JSON.stringify(body) }
}

/** The list of models in OpenAI's form. */
export function openaiModelList(models: readonly SimulatedModel[], owner: string): WireReply {
  const data = models.map((model) => ({
    id: model.name,
    object: 'model',
    created: 1767225600,
    owned_by: owner,
  }))
  return jsonReply(200, { object: 'list', data })
}

export const doneFrame = 'data: [DONE]\n\n'
