import type { Call } from '../contract/index.ts'
import { finishReasonOf } from './finish-reason.ts'
import { arrayOf, indexOf, isObject, nameOf, secondsOf, textOf, type MutableJson } from './json.ts'
import { dropOddFields } from './odd-fields.ts'
import type { StreamRecord } from './stream-record.ts'
import { ToolCallPieces } from './tool-calls.ts'

/** What `ChunkRepair.repair` did. */
export interface Repaired {
  /** The chunk is no longer what the provider sent and must be serialised anew. */
  readonly changed: boolean
  /** A role was given, a tool call began or a choice ended: the next chunk will not be treated as this one was. */
  readonly turned: boolean
}

/**
 * Brings the chunks of one stream into the form OpenAI sends, in place, and notes in the record what they hold.
 * The oddities are those of the provider sheet of OpenAI-compatible upstreams, section 5:
 * one `id` for all chunks, `created` in seconds; `role` once and always on the first delta of a choice; reasoning as
 * `reasoning_content`; `finish_reason` out of OpenAI's words or `null`; whole tool calls; no usage.
 */
export class ChunkRepair {
  readonly #record: StreamRecord
  readonly #call: Call
  readonly #choices = new Map<number, { hasRole: boolean; readonly calls: ToolCallPieces }>()

  constructor(record: StreamRecord, call: Call) {
    this.#record = record
    this.#call = call
  }

  /** `chunk` must have choices. */
  repair(chunk: MutableJson, choices: readonly MutableJson[]): Repaired {
    let changed = this.#repairHead(chunk)
    let turned = false
    if ('usage' in chunk && chunk['usage'] !== null) {
      delete chunk['usage']
      changed = true
    }
    choices.forEach((choice, position) => {
      const done = this.#repairChoice(choice, position)
      changed ||= done.changed
      turned ||= done.turned
    })
    return { changed, turned }
  }

  /** Notes arguments that were passed on by a template. */
  addedArguments(choiceIndex: number, callIndex: number): void {
    this.#choices.get(choiceIndex)?.calls.addedArguments(callIndex)
  }

  #repairHead(chunk: MutableJson): boolean {
    const record = this.#record
    const id = nameOf(chunk['id'])
    record.upstreamId ??= id
    const head = (record.chunkHead ??= {
      id: id ?? `chatcmpl-${this.#call.requestId}`,
      created: secondsOf(chunk['created']) ?? Math.floor(this.#call.nowMs / 1000),
      model: nameOf(chunk['model']) ?? this.#call.upstreamModel,
    })
    let changed = false
    const put = (key: string, value: unknown) => {
      if (chunk[key] === value) return
      chunk[key] = value
      changed = true
    }
    put('id', head.id)
    put('object', 'chat.completion.chunk')
    put('created', secondsOf(chunk['created']) ?? head.created)
    if (nameOf(chunk['model']) === undefined) put('model', head.model)
    return changed
  }

  #repairChoice(choice: MutableJson, position: number): Repaired {
    let changed = false
    let turned = false
    const index = indexOf(choice['index']) ?? position
    if (choice['index'] !== index) {
      choice['index'] = index
      changed = true
    }
    let state = this.#choices.get(index)
    if (state === undefined) {
      state = { hasRole: false, calls: new ToolCallPieces(`call_${this.#call.requestId}_`) }
      this.#choices.set(index, state)
    }
    if ('usage' in choice) {
      delete choice['usage']
      changed = true
    }
    if (!isObject(choice['delta'])) {
      // Some servers put a whole `message` into the last chunk, some leave the delta out.
      choice['delta'] = isObject(choice['message']) ? choice['message'] : {}
      delete choice['message']
      changed = true
    }
    const delta = choice['delta']
    if (!isObject(delta)) return { changed, turned }

    if (!state.hasRole) {
      state.hasRole = true
      turned = true
      if (textOf(delta['role']) === undefined) {
        delta['role'] = 'assistant'
        changed = true
      }
    } else if ('role' in delta) {
      delete delta['role']
      changed = true
    }
    if ('reasoning' in delta && textOf(delta['reasoning_content']) === undefined) {
      delta['reasoning_content'] = delta['reasoning']
      delete delta['reasoning']
      changed = true
    }
    if (dropOddFields(delta)) changed = true
    this.#record.noteOutput(
      bytesOfText(delta['content']) + bytesOfText(delta['reasoning_content']) + bytesOfText(delta['refusal']),
    )
    if (Array.isArray(delta['tool_calls'])) {
      for (const piece of delta['tool_calls']) {
        if (!isObject(piece)) continue
        const done = state.calls.repair(piece)
        changed ||= done.changed
        turned ||= done.started
        this.#record.noteOutput(done.textBytes)
      }
    }
    if (isObject(delta['function_call'])) {
      const call = delta['function_call']
      this.#record.noteOutput(bytesOfText(call['name']) + bytesOfText(call['arguments']))
    }
    return this.#repairFinish(choice, delta, state.calls)
      ? { changed: true, turned: true }
      : { changed, turned }
  }

  #repairFinish(choice: MutableJson, delta: MutableJson, calls: ToolCallPieces): boolean {
    let reason = finishReasonOf(choice['finish_reason'])
    if (reason === 'stop' && calls.count > 0) reason = 'tool_calls'
    let changed = choice['finish_reason'] !== reason
    if (changed) choice['finish_reason'] = reason
    if (reason === null) return changed
    this.#record.finishReason = reason
    const missing = calls.missingArguments()
    if (missing.length > 0) {
      const pieces = arrayOf(delta['tool_calls']) ?? []
      delta['tool_calls'] = [...pieces, ...missing]
      changed = true
    }
    return changed
  }
}

function bytesOfText(value: unknown): number {
  return typeof value === 'string' && value !== '' ? Buffer.byteLength(value) : 0
}
