import { isObject, textOf, type MutableJson } from './json.ts'

/**
 * Puts the pieces of the tool calls of one choice into OpenAI's form, so that every client's accumulator merges
 * them: the first piece of a call has `index`, `id`, `type` and `function.name`; later ones have `index` and
 * arguments only, because some accumulators append ids and names instead of replacing them.
 *
 * Which call a piece belongs to (provider sheet of OpenAI-compatible upstreams, section 5): a known id decides;
 * a new id with a name starts the next call, also where its index is taken (Ollama sends 0 for all); a new id
 * without a name belongs to the call of its index (vLLM made one up for each piece); no id: the call of its index,
 * or the last one.
 */
export class ToolCallPieces {
  readonly #calls: {
    readonly id: string
    readonly at: number | undefined
    hasArguments: boolean
    isFunction: boolean
  }[] = []
  readonly #idPrefix: string

  /** `idPrefix` begins the ids of calls that came without one; unique per request. */
  constructor(idPrefix: string) {
    this.#idPrefix = idPrefix
  }

  get count(): number {
    return this.#calls.length
  }

  /** Brings one piece into form, in place. `started`: it opened a call. `text`: its arguments and, once, its name. */
  repair(piece: MutableJson): {
    readonly changed: boolean
    readonly started: boolean
    readonly textBytes: number
  } {
    const fn = isObject(piece['function']) ? piece['function'] : undefined
    const custom = isObject(piece['custom']) ? piece['custom'] : undefined
    const name = textOf((fn ?? custom)?.['name'])
    const id = textOf(piece['id'])
    const at = typeof piece['index'] === 'number' ? piece['index'] : undefined

    let index = this.#indexOf(id, at, name)
    const started = index < 0
    let changed = false
    const put = (target: MutableJson, key: string, value: unknown) => {
      if (target[key] === value) return
      if (value === undefined) delete target[key]
      else target[key] = value
      changed = true
    }
    if (started) {
      index = this.#calls.length
      const newId = id ?? `${this.#idPrefix}${index}`
      this.#calls.push({ id: newId, at, hasArguments: false, isFunction: custom === undefined })
      put(piece, 'id', newId)
      if (textOf(piece['type']) === undefined) put(piece, 'type', 'function')
    } else {
      if ('id' in piece) put(piece, 'id', undefined)
      if ('type' in piece && textOf(piece['type']) === undefined) put(piece, 'type', undefined)
      if (fn !== undefined && 'name' in fn) put(fn, 'name', undefined)
    }
    put(piece, 'index', index)
    if (fn === undefined && 'function' in piece) put(piece, 'function', undefined)
    if (fn !== undefined && 'name' in fn && typeof fn['name'] !== 'string') put(fn, 'name', undefined)

    let textBytes = started ? Buffer.byteLength(name ?? '') : 0
    if (fn !== undefined) {
      if (isObject(fn['arguments']) || Array.isArray(fn['arguments'])) {
        put(fn, 'arguments', JSON.stringify(fn['arguments']))
      } else if (typeof fn['arguments'] !== 'string' && (started || 'arguments' in fn)) {
        put(fn, 'arguments', '')
      }
      const text = textOf(fn['arguments'])
      if (text !== undefined) {
        textBytes += Buffer.byteLength(text)
        this.addedArguments(index)
      }
    }
    return { changed, started, textBytes }
  }

  /** Notes that arguments of a call have been passed on without `repair`. */
  addedArguments(index: number): void {
    const call = this.#calls[index]
    if (call !== undefined) call.hasArguments = true
  }

  /** Pieces that give `{}` to the calls that ended without arguments: an empty text is not JSON to strict clients. */
  missingArguments(): MutableJson[] {
    const pieces: MutableJson[] = []
    this.#calls.forEach((call, index) => {
      if (call.hasArguments || !call.isFunction) return
      call.hasArguments = true
      pieces.push({ index, function: { arguments: '{}' } })
    })
    return pieces
  }

  #indexOf(id: string | undefined, at: number | undefined, name: string | undefined): number {
    const known = id === undefined ? -1 : this.#calls.findIndex((call) => call.id === id)
    if (known >= 0) return known
    if (name !== undefined && (id !== undefined || at === undefined)) return -1
    if (at === undefined) return this.#calls.length - 1
    return this.#calls.findLastIndex((call) => call.at === at)
  }
}
