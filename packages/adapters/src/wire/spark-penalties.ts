import type { JsonObject } from './json.ts'

/** OpenAI's penalties, with the largest value that every version of Spark's document allows; the smallest is 0. */
export const sparkPenalties: ReadonlyMap<string, number> = new Map([
  ['presence_penalty', 2],
  ['frequency_penalty', 1],
])

/** The penalties not to send: the vendor's documents differ in the ranges, and only what is in all of them goes through. */
export function unsafePenalties(body: JsonObject): string[] {
  return [...sparkPenalties].flatMap(([name, high]) => {
    const value = body[name]
    return typeof value === 'number' && value >= 0 && value <= high ? [] : [name]
  })
}
