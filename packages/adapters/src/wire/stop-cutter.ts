/**
 * Ends a text before the first of some stop texts, as OpenAI's `stop` does, for platforms that include the stop
 * text in the answer (Hunyuan) or know no `stop` at all (Spark). Text arrives in pieces; what may still grow
 * into a stop text is held back until it is known, and no more than that.
 */
export interface StopCutter {
  /** Whether a stop text has been met: nothing follows any more. */
  readonly met: boolean
  /** Takes the next piece and returns what may be shown now. */
  push(piece: string): string
  /** The text has ended: returns what was held back. */
  flush(): string
}

export function createStopCutter(stops: readonly string[]): StopCutter {
  let held = ''
  let met = false
  return {
    get met() {
      return met
    },
    push(piece) {
      if (met) return ''
      const text = held + piece
      const cut = firstStop(text, stops)
      if (cut >= 0) {
        met = true
        held = ''
        return text.slice(0, cut)
      }
      const keep = longestStart(text, stops)
      held = keep === 0 ? '' : text.slice(-keep)
      return keep === 0 ? text : text.slice(0, -keep)
    },
    flush() {
      const rest = held
      held = ''
      return met ? '' : rest
    },
  }
}

/** The same for a text that is there as a whole. */
export function cutAtStop(text: string, stops: readonly string[]): string {
  const cut = firstStop(text, stops)
  return cut < 0 ? text : text.slice(0, cut)
}

/** OpenAI's `stop` as a list: one string or several, without empty ones and anything that is no text. */
export function stopTexts(stop: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(stop) ? stop : [stop]
  return list.filter((item): item is string => typeof item === 'string' && item !== '')
}

function firstStop(text: string, stops: readonly string[]): number {
  let first = -1
  for (const stop of stops) {
    const at = text.indexOf(stop)
    if (at >= 0 && (first < 0 || at < first)) first = at
  }
  return first
}

/** Length of the longest end of `text` that a stop text starts with. */
function longestStart(text: string, stops: readonly string[]): number {
  let longest = 0
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length -= 1) {
      if (text.endsWith(stop.slice(0, length))) {
        longest = length
        break
      }
    }
  }
  return longest
}
