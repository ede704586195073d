import { finishReasonOf } from '../wire/finish-reason.ts'
import { isObject, textOf, type MutableJson } from '../wire/json.ts'
import type { StreamPiece } from '../wire/translated-stream.ts'
import { NewText } from './new-text.ts'

/** What is new in each frame, whether the platform sends increments, as it is asked to, or repeats everything so far. */
export class Increments {
  readonly #text = new NewText()
  readonly #reasoning = new NewText()
  /** By the index of the call. */
  readonly #arguments = new Map<unknown, { readonly id: string | undefined; readonly text: NewText }>()

  of(piece: StreamPiece): StreamPiece {
    const isLast = finishReasonOf(piece.finishReason) !== null
    for (const call of piece.toolCalls ?? []) this.#toolCall(call, isLast)
    const told: StreamPiece = {
      ...piece,
      text: this.#text.next(piece.text ?? '', isLast),
      reasoning: this.#reasoning.next(piece.reasoning ?? '', isLast),
    }
    return isLast ? { ...told, toolCalls: [...(told.toolCalls ?? []), ...this.#heldArguments()] } : told
  }

  /** What is still held back when the stream breaks off. */
  rest(): StreamPiece {
    return { text: this.#text.rest(), reasoning: this.#reasoning.rest(), toolCalls: this.#heldArguments() }
  }

  #toolCall(call: MutableJson, isLast: boolean): void {
    const described = call['function']
    if (!isObject(described) || typeof described['arguments'] !== 'string') return
    const id = textOf(call['id'])
    let known = this.#arguments.get(call['index'])
    if (known === undefined || (id !== undefined && id !== known.id)) {
      known = { id, text: new NewText() }
      this.#arguments.set(call['index'], known)
    }
    described['arguments'] = known.text.next(described['arguments'], isLast)
  }

  #heldArguments(): MutableJson[] {
    const held: MutableJson[] = []
    for (const [index, { text }] of this.#arguments) {
      const rest = text.rest()
      if (rest !== '') held.push({ index, function: { arguments: rest } })
    }
    return held
  }
}
