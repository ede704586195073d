import { hashText, randomFrom } from './random.ts'

/**
 * The JSON text of a unit vector that depends only on the input and its size: an array of numbers, or the base64 of
 * little-endian 32-bit floats.
 */
export function embed(key: string, dimensions: number, base64: boolean, seed: number): string {
  const random = randomFrom(hashText(key, seed))
  const values = Float64Array.from({ length: dimensions }, () => random() - 0.5)
  let squares = 0
  for (const value of values) squares += value * value
  const scale = 1 / Math.sqrt(squares)
  if (base64) {
    const bytes = Buffer.allocUnsafe(dimensions * 4)
    values.forEach((value, index) => bytes.writeFloatLE(value * scale, index * 4))
    return JSON.stringify(bytes.toString('base64'))
  }
  let text = '['
  values.forEach((value, index) => {
    text += (index === 0 ? '' : ',') + String(Math.round(value * scale * 1e7) / 1e7)
  })
  return `${text}]`
}
