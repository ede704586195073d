import { ProviderError } from '../contract/index.ts'
import { arrayOf, isObject, objectOf, textOf, type JsonObject, type MutableJson } from '../wire/json.ts'

/** What one event of Spark's stream, or a whole answer, says about itself before its choices. */
export type SparkVerdict = { readonly code: string; readonly message: string } | 'warning' | 'fine'

/**
 * Whether the object reports a failure. A `code` other than 0 does, inside a 200 too; so does OpenAI's `error`.
 * 10019 is none: it comes after the complete answer, which is valid and billed (provider sheet, section 6).
 */
export function sparkVerdict(event: JsonObject): SparkVerdict {
  const error = event['error']
  if (isObject(error)) return { code: codeText(error['code']), message: String(error['message'] ?? '') }
  const code = codeText(event['code'])
  if (code === '' || code === '0') return 'fine'
  if (code === WARNING) return 'warning'
  return { code, message: textOf(event['message']) ?? `Spark reported error ${code}` }
}

/**
 * The tool calls of a delta or message, in OpenAI's list, whatever Spark sent: one object (its default) or a list
 * (`tool_calls_switch`). The ids go: `call_1` repeats in every request, and a conversation needs them distinct.
 * Names that were shortened on the way there are the caller's own again.
 */
export function sparkToolCalls(value: unknown, originals: ReadonlyMap<string, string>): MutableJson[] {
  const calls = arrayOf(value) ?? (isObject(value) ? [value] : [])
  return calls.filter(isObject).map(({ id: _, ...call }) => {
    const described = objectOf(call['function'])
    const original = originals.get(textOf(described?.['name']) ?? '')
    return original === undefined ? call : { ...call, function: { ...described, name: original } }
  })
}

/** The choice that is an answer. Sources of a web search come as one of the role `tool`, which is nobody's answer. */
export function sparkChoice(event: JsonObject): JsonObject | undefined {
  const choice = objectOf(arrayOf(event['choices'])?.[0])
  return choice
}

const WARNING = '10019'

function codeText(code: unknown): string {
  return typeof code === 'number' ? String(code) : (textOf(code) ?? '')
}
