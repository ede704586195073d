import { readFileSync } from 'node:fs'
import { isObject } from '../json.ts'

export function fixture(path: string): string {
  return readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8')
}

/**
 * The form of a JSON value: keys in their order, with kinds in place of values. Nulls, empty texts, end reasons and
 * fixed words stay, because readers depend on them. Lists show each form once.
 */
export function shapeOf(value: unknown, key = ''): unknown {
  if (key === 'model' || key === 'id' || key === 'name' || key === 'arguments') return kindOf(value)
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every((item) => typeof item === 'number')) return ['number']
    return collapse(value.map((item) => shapeOf(item)))
  }
  if (isObject(value)) {
    return Object.entries(value).map(([name, inner]) => [name, shapeOf(inner, name)])
  }
  if (typeof value === 'string' && fixedWords.has(key)) return value
  return kindOf(value)
}

/** The forms of a stream's events, runs of the same form collapsed, with the bytes around each payload. */
export function streamShape(text: string): unknown[] {
  const events = text.split(/(?<=\n\n)/).filter((event) => event.trim() !== '')
  return collapse(
    events.map((event) => {
      if (event.startsWith(':')) return event
      const begin = event.search(/[{[]/)
      const payload = event.slice(begin).trim()
      const framing = event.slice(0, begin) + '…' + event.slice(begin + payload.length)
      return [framing, payload === '[DONE]' ? payload : shapeOf(JSON.parse(payload))]
    }),
  )
}

const fixedWords = new Set([
  'finish_reason',
  'object',
  'role',
  'type',
  'note',
  'message',
  'code',
  'service_tier',
  'FinishReason',
  'Object',
  'Role',
  'Type',
  'Note',
])

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === '') return '""'
  return typeof value
}

function collapse(shapes: unknown[]): unknown[] {
  return shapes.filter(
    (shape, index) => index === 0 || JSON.stringify(shape) !== JSON.stringify(shapes[index - 1]),
  )
}
