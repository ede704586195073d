import fc from 'fast-check'
import { isObject } from '../../src/wire/json.ts'

/**
 * What no document of a platform promises: wrong types, figures out of range, names that objects have of themselves,
 * nesting without end, numbers that are JSON and no number. Write it with `textOfJson`.
 */
export function oddValue(words: readonly string[], depths = depthsSent): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom<unknown>(...plainOddities) },
    { weight: 2, arbitrary: fc.constantFrom(...numberTexts).map((text) => `${rawMark}${text}`) },
    { weight: 2, arbitrary: fc.constantFrom(...words) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
    { weight: 2, arbitrary: oddObject(words, fc.jsonValue({ maxDepth: 1 })) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...depths), fc.boolean()).map(nested) },
  )
}

/** Far deeper than a program can go down on its stack. */
const depthsSent: readonly number[] = [3, 40, 4_000, 20_000]

/** An object of names the platform knows, and of some that every object knows. */
export function oddObject(words: readonly string[], value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const name = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...words) },
    { weight: 1, arbitrary: fc.constantFrom(...inheritedNames) },
  )
  return fc
    .array(fc.tuple(name, value), { maxLength: 5 })
    .map((members) => Object.fromEntries(members) as unknown)
}

/** One thing done to one node of a JSON value. `at` counts the nodes in the order of the text, modulo their number. */
export interface JsonEdit {
  readonly at: number
  readonly how: 'replace' | 'drop' | 'double' | 'add' | 'wrap'
  readonly value: unknown
  readonly name: string
}

export function jsonEdit(words: readonly string[], depths = depthsSent): fc.Arbitrary<JsonEdit> {
  return fc.record({
    at: fc.nat(200),
    how: fc.constantFrom('replace', 'replace', 'replace', 'drop', 'double', 'add', 'wrap'),
    value: oddValue(words, depths),
    name: fc.constantFrom(...words, ...inheritedNames),
  })
}

/** The edited value; the one given is not changed. */
export function editedJson(value: unknown, { at, how, value: odd, name }: JsonEdit): unknown {
  const root = { value: structuredClone(value) }
  const places = placesIn(root)
  const place = places[at % places.length]
  if (place === undefined) return value
  const { holder, key } = place
  const node: unknown = Reflect.get(holder, key)
  if (how === 'replace') put(holder, key, odd)
  else if (how === 'wrap') put(holder, key, at % 2 === 0 ? [node] : { [name]: node })
  else if (how === 'add') {
    if (Array.isArray(node)) node.push(odd)
    else if (isObject(node)) put(node, name, odd)
  } else if (Array.isArray(holder)) {
    const index = Number(key)
    if (how === 'drop') holder.splice(index, 1)
    else holder.splice(index, 0, structuredClone(node))
  } else if (how === 'drop' && holder !== root) Reflect.deleteProperty(holder, key)
  return root.value
}

/** JSON text of a value with oddities, as deep as it may be. */
export function textOfJson(value: unknown): string {
  if (typeof value === 'string' && value.startsWith(deepMark)) {
    const [depth, open = '', close = ''] = value.slice(deepMark.length).split(' ')
    return `${open.repeat(Number(depth))}0${close.repeat(Number(depth))}`
  }
  if (typeof value === 'string' && value.startsWith(rawMark)) return value.slice(rawMark.length)
  if (Array.isArray(value)) return `[${value.map(textOfJson).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${textOfJson(member)}`,
  )
  return `{${members.join(',')}}`
}

/** Every name and short text in a JSON value: the platform's own words, to build its odder sentences from. */
export function wordsIn(value: unknown, words: Set<string> = new Set()): Set<string> {
  if (typeof value === 'string' && value.length < 40) words.add(value)
  else if (Array.isArray(value)) for (const item of value) wordsIn(item, words)
  else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) wordsIn(member, words.add(name))
  }
  return words
}

interface Place {
  readonly holder: object
  readonly key: string
}

function placesIn(holder: object, places: Place[] = []): Place[] {
  for (const [key, value] of Object.entries(holder)) {
    places.push({ holder, key })
    if (typeof value === 'object' && value !== null) placesIn(value as object, places)
  }
  return places
}

/** An own property whatever its name, as `JSON.parse` makes it. */
function put(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true })
}

/** Stands for a value too deep to be handled as one. */
function nested([depth, isList]: readonly [number, boolean]): string {
  return `${deepMark}${depth} ${isList ? '[ ]' : '{"a": }'}`
}

const deepMark = '\u0001deep'
/** Before JSON text that stands for itself. */
const rawMark = '\u0001raw'

const inheritedNames = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', 'then'] as const

const numberTexts = ['1e999', '-1e999', '-0', '12345678901234567890123', '1E5', '0.1e1'] as const

const plainOddities: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  0.5,
  7,
  1e21,
  -1e308,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  1_767_225_600_000,
  '',
  ' ',
  '0',
  '12',
  '-1',
  '999999999999999',
  'null',
  'NaN',
  '[DONE]',
  'stop',
  'error',
  '__proto__',
  'constructor',
  '\u0000',
  '\ud800',
  '\u2028中𝕏\r\n\r\ndata: x',
  'tollgate-text-goes-here',
  'request id: 0',
  'x'.repeat(2_000),
  [],
  {},
  [null],
  [[]],
  [{}],
  [0, 'a', {}],
  { length: 3 },
]
