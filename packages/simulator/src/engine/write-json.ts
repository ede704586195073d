import { type Random, pick } from './random.ts'
import { isObject } from '../json.ts'

const words: readonly string[] = ['杭州', '上海', 'Oslo', 'example', '合肥', 'tomorrow']

/**
 * A value that fits a JSON schema as far as tool definitions use it: types, enums, consts, properties, items,
 * unions (the first branch), local `$ref`s. Every property is given, required or not, so that callers see them all.
 */
export function writeJson(schema: unknown, random: Random): unknown {
  return valueOf(schema, schema, random, 0)
}

function valueOf(schema: unknown, root: unknown, random: Random, depth: number): unknown {
  if (!isObject(schema) || depth > 12) return pick(words, random)
  if ('const' in schema) return schema['const']
  if (Array.isArray(schema['enum']) && schema['enum'].length > 0) return schema['enum'][0]
  if (typeof schema['$ref'] === 'string') {
    return valueOf(resolve(schema['$ref'], root), root, random, depth + 1)
  }
  for (const union of ['anyOf', 'oneOf', 'allOf']) {
    const branches = schema[union]
    if (Array.isArray(branches) && branches.length > 0) return valueOf(branches[0], root, random, depth + 1)
  }
  switch (typeName(schema)) {
    case 'object':
      return objectOf(schema, root, random, depth)
    case 'array': {
      const count = Math.max(1, Math.min(16, numberAt(schema, 'minItems', 1)))
      return Array.from({ length: count }, () => valueOf(schema['items'], root, random, depth + 1))
    }
    case 'integer':
      return Math.ceil(numberAt(schema, 'minimum', Math.min(7, numberAt(schema, 'maximum', 7))))
    case 'number':
      return numberAt(schema, 'minimum', Math.min(1.5, numberAt(schema, 'maximum', 1.5)))
    case 'boolean':
      return random() < 0.5
    case 'null':
      return null
    default:
      return textOf(schema, random)
  }
}

function objectOf(schema: Record<string, unknown>, root: unknown, random: Random, depth: number): unknown {
  const properties = schema['properties']
  if (!isObject(properties)) return {}
  return Object.fromEntries(
    Object.entries(properties).map(([name, inner]) => [name, valueOf(inner, root, random, depth + 1)]),
  )
}

function textOf(schema: Record<string, unknown>, random: Random): string {
  if (schema['format'] === 'date') return '2026-01-15'
  if (schema['format'] === 'date-time') return '2026-01-15T08:30:00Z'
  const word = (pick(words, random) ?? 'example').padEnd(Math.min(200, numberAt(schema, 'minLength', 0)), '.')
  return word.slice(0, numberAt(schema, 'maxLength', word.length))
}

function typeName(schema: Record<string, unknown>): string {
  const type: unknown = schema['type']
  if (typeof type === 'string') return type
  if (Array.isArray(type)) return String(type.find((name) => name !== 'null') ?? 'null')
  return isObject(schema['properties']) ? 'object' : 'string'
}

function numberAt(schema: Record<string, unknown>, name: string, otherwise: number): number {
  const value = schema[name]
  return typeof value === 'number' ? value : otherwise
}

function resolve(reference: string, root: unknown): unknown {
  let found: unknown = root
  for (const step of reference.replace(/^#\/?/, '').split('/')) {
    found = isObject(found) ? found[step.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
  }
  return found
}
