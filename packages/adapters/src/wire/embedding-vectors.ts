import { indexOf, isObject, textOf, type MutableJson } from './json.ts'

/**
 * The vectors of an answer, in place, in OpenAI's form and in the order of the inputs: with the place of their input,
 * and as the client asked for them, in numbers or in base64 of little-endian 32-bit floats as OpenAI encodes them (its
 * SDKs ask for base64 unless told otherwise).
 *
 * `undefined` when anything in the list is no vector: leaving it out would give the next one to the wrong input. An
 * `index` is believed where the indices tell all vectors apart (Tencent's SDK says that its own are always 0).
 */
export function readVectors(
  list: readonly unknown[],
  format: 'float' | 'base64',
): { readonly vectors: readonly MutableJson[]; readonly changed: boolean } | undefined {
  const vectors = list.filter(isObject)
  if (vectors.length === 0 || vectors.length < list.length) return undefined
  const places = vectors.map((vector) => indexOf(vector['index']))
  const isPlaced = vectors.every((_, index) => places.includes(index))
  let changed = false
  for (const [position, vector] of vectors.entries()) {
    const embedding = encoded(vector['embedding'], format)
    if (embedding === undefined) return undefined
    const index = isPlaced ? places[position] : position
    if (embedding === vector['embedding'] && index === vector['index'] && vector['object'] === 'embedding')
      continue
    Object.assign(vector, { object: 'embedding', index, embedding })
    changed = true
  }
  if (!isPlaced || places.every((place, position) => place === position)) return { vectors, changed }
  return {
    vectors: vectors.sort((one, other) => Number(one['index']) - Number(other['index'])),
    changed: true,
  }
}

function encoded(vector: unknown, format: 'float' | 'base64'): unknown {
  const text = textOf(vector)
  if (text !== undefined && format === 'base64') return text
  const numbers = text === undefined ? vector : toNumbers(text)
  if (!Array.isArray(numbers) || numbers.length === 0 || !numbers.every(Number.isFinite)) return undefined
  return format === 'float' ? numbers : toBase64(numbers)
}

function toBase64(vector: readonly unknown[]): string {
  const bytes = Buffer.allocUnsafe(vector.length * 4)
  vector.forEach((value, index) => bytes.writeFloatLE(Number(value), index * 4))
  return bytes.toString('base64')
}

function toNumbers(vector: string): number[] {
  const bytes = Buffer.from(vector, 'base64')
  const numbers: number[] = []
  for (let at = 0; at + 4 <= bytes.length; at += 4) numbers.push(bytes.readFloatLE(at))
  return numbers
}
