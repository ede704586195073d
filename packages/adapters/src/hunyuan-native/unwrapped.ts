import { objectOf, type MutableJson } from '../wire/json.ts'

/**
 * What an answer says. On the wire it stands in `Response`, in frames of a stream it does not, and some of the vendor's
 * examples leave the wrapper out (provider sheet, section 2.3): both are read everywhere.
 */
export function unwrapped(answer: unknown): MutableJson | undefined {
  const outer = objectOf(answer)
  return objectOf(outer?.['Response']) ?? outer
}
