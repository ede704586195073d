import type { ChatRules, NumberRange } from './rules.ts'
import type { Refusal } from '../contract/refusal.ts'
import { type JsonObject, isObject } from '../json.ts'

/** Checks every parameter but messages and tools against the rules. */
export function checkParameters(body: JsonObject, rules: ChatRules): Refusal | undefined {
  for (const name of Object.keys(body)) {
    if (rules.refused.includes(name) || (rules.known !== undefined && !rules.known.includes(name))) {
      return invalid(name, `unsupported parameter: ${name}`)
    }
  }
  const outOfRange = checkRanges(body, rules.ranges)
  if (outOfRange !== undefined) return outOfRange
  for (const [name, values] of Object.entries(rules.choices)) {
    const value = body[name]
    if (value !== undefined && value !== null && !values.includes(value)) {
      return invalid(name, `${name} should be one of ${JSON.stringify(values)}`)
    }
  }
  return checkStream(body, rules) ?? checkStop(body, rules) ?? checkFormat(body, rules)
}

/** Checks the numbers among the fields of a body. */
export function checkRanges(
  body: JsonObject,
  ranges: Readonly<Record<string, NumberRange>>,
): Refusal | undefined {
  for (const [name, range] of Object.entries(ranges)) {
    const value = body[name]
    if (value !== undefined && value !== null && !inRange(value, range)) {
      return invalid(name, `${name} should be in ${rangeText(range)}`)
    }
  }
  return undefined
}

export function invalid(param: string, message: string): Refusal {
  return { refused: 'invalid-parameter', param, message }
}

function checkStream(body: JsonObject, rules: ChatRules): Refusal | undefined {
  const { stream, stream_options: options } = body
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    return invalid('stream', 'stream should be a boolean')
  }
  if (options === undefined || options === null) return undefined
  if (!isObject(options)) return invalid('stream_options', 'stream_options should be an object')
  if (stream !== true) {
    return invalid('stream_options', 'stream_options is only allowed when stream is enabled')
  }
  for (const [name, value] of Object.entries(options)) {
    if (!rules.streamOptions.includes(name) || typeof value !== 'boolean') {
      return invalid(`stream_options.${name}`, `unsupported stream option: ${name}`)
    }
  }
  return undefined
}

function checkStop(body: JsonObject, rules: ChatRules): Refusal | undefined {
  const stop: unknown = body['stop']
  if (stop === undefined || stop === null) return undefined
  const list: unknown = typeof stop === 'string' && rules.stop.bare ? [stop] : stop
  if (!Array.isArray(list) || !list.every((item) => typeof item === 'string')) {
    return { ...invalid('stop', 'stop should be a list of strings'), variant: 'type' }
  }
  if (list.length > rules.stop.most) return invalid('stop', `stop takes at most ${rules.stop.most} items`)
  const { lengthMax } = rules.stop
  if (lengthMax !== undefined && list.some((item: string) => item.length > lengthMax)) {
    return invalid('stop', `an item of stop takes at most ${lengthMax} characters`)
  }
  return undefined
}

function checkFormat(body: JsonObject, rules: ChatRules): Refusal | undefined {
  const format = body['response_format']
  if (format === undefined || format === null) return undefined
  if (!isObject(format) || typeof format['type'] !== 'string') {
    return invalid('response_format', 'response_format should be an object with a type')
  }
  if (!rules.responseFormats.includes(format['type'])) {
    return invalid('response_format.type', `unsupported response_format: ${format['type']}`)
  }
  const schema = format['json_schema']
  if (format['type'] === 'json_schema' && (!isObject(schema) || typeof schema['name'] !== 'string')) {
    return invalid('response_format.json_schema', 'json_schema should be an object with a name')
  }
  return undefined
}

function inRange(value: unknown, range: NumberRange): boolean {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false
  if (range.integer === true && !Number.isInteger(value)) return false
  if (value < range.min || value > range.max) return false
  return !(range.above === true && value === range.min) && !(range.below === true && value === range.max)
}

function rangeText(range: NumberRange): string {
  return `${range.above === true ? '(' : '['}${range.min}, ${range.max}${range.below === true ? ')' : ']'}`
}
