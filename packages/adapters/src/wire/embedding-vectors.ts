import { isObject } from './json.ts'

/**
 * Gives every vector the form the client asked for, in place: numbers, or base64 of little-endian 32-bit floats as
 * OpenAI encodes them (its SDKs ask for base64 unless told otherwise). Returns whether anything changed.
 */
export function encodeVectors(data: readonly unknown[], format: 'float' | 'base64'): boolean {
  let changed = false
  for (const item of data) {
    if (!isObject(item)) continue
    const vector = item['embedding']
    if (format === 'base64' && Array.isArray(vector)) item['embedding'] = toBase64(vector)
    else if (format === 'float' && typeof vector === 'string') item['embedding'] = toNumbers(vector)
    else continue
    changed = true
  }
  return changed
}

function toBase64(vector: readonly unknown[]): string {
  const bytes = Buffer.allocUnsafe(vector.length * 4)
  vector.forEach((value, index) =>
    bytes.writeFloatLE(typeof value === 'number' ? value : Number.NaN, index * 4),
  )
  return bytes.toString('base64')
}

function toNumbers(vector: string): number[] {
  const bytes = Buffer.from(vector, 'base64')
  const numbers: number[] = []
  for (let at = 0; at + 4 <= bytes.length; at += 4) numbers.push(bytes.readFloatLE(at))
  return numbers
}
