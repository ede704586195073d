import { z } from 'zod'

/**
 * A mapping of exactly these fields. The message of its `unrecognized_keys` issue is not a sentence but the known
 * names, between commas: only the schema knows them, and `describe-issue.ts` makes the sentence for each key.
 */
export function fields<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(',') : undefined),
  })
}
