import { arrayOf, isObject, textOf, type MutableJson } from '../wire/json.ts'

/**
 * Qianfan tells the end of an answer and its moderation in three ways, depending on the age of the model behind it
 * (provider sheet: official Go SDK, mock server of the Python SDK):
 *
 * - `finish_reason`, absent until the last chunk; models of 2024 send `is_end` instead;
 * - `flag`: 0 is safe, any other number is a safety class;
 * - `need_clear_history`: the text is a canned refusal, and the history must not be sent again.
 *
 * Puts them into `finish_reason`, in place. For the choices of an answer and the chunks of one stream alike; the
 * verdict of a chunk stays until the end, wherever in the stream it was given.
 */
export class QianfanModeration {
  #isBlocked = false

  /** Returns whether it changed anything. */
  apply(answer: MutableJson): boolean {
    let changed = false
    for (const choice of arrayOf(answer['choices']) ?? []) {
      if (isObject(choice) && this.#applyTo(choice)) changed = true
    }
    return changed
  }

  #applyTo(choice: MutableJson): boolean {
    const flag = choice['flag']
    if (choice['need_clear_history'] === true || (typeof flag === 'number' && flag !== 0)) {
      this.#isBlocked = true
    }
    const told = textOf(choice['finish_reason'])
    if (told === undefined && choice['is_end'] !== true) return false
    const isPlain = told === undefined || told === 'stop' || told === 'normal'
    if (!isPlain || (told === 'stop' && !this.#isBlocked)) return false
    choice['finish_reason'] = this.#isBlocked ? 'content_filter' : 'stop'
    return true
  }
}
