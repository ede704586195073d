import type { Call, ModelRequest } from '../contract/index.ts'
import type { BodyEdits } from '../wire/splice.ts'

/** Models that embed pictures and text have a path of their own, and most text-only ones are retired (404). */
export function isMultimodal(model: string): boolean {
  return model.includes('embedding-vision')
}

/** The multimodal path makes one vector of the whole input list, so that texts go out one by one (`inputsMax`). */
export function arkEmbeddingEdits({ body }: ModelRequest, call: Call): BodyEdits | undefined {
  if (!isMultimodal(call.upstreamModel)) return undefined
  const { input } = body
  const texts: readonly unknown[] = typeof input === 'string' ? [input] : Array.isArray(input) ? input : []
  // A list of the platform's own parts (pictures, text) is one input, and goes as it is.
  if (!texts.every((text) => typeof text === 'string')) return undefined
  return { set: { input: texts.map((text) => ({ type: 'text', text })) } }
}
