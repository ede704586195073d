import { ProviderError, type Call, type ModelRequest, type Refusal } from '../contract/index.ts'
import type { BodyEdits } from '../wire/splice.ts'

/** Models that embed pictures and text have a path of their own, and most text-only ones are retired (404). */
export function isMultimodal(model: string): boolean {
  return model.includes('embedding-vision')
}

/**
 * The multimodal path makes **one** vector of the whole input list. A text is therefore sent as a list of one part,
 * and a list of several texts, which OpenAI answers with several vectors, is refused.
 */
export function arkEmbeddingEdits(request: ModelRequest, call: Call): BodyEdits | Refusal | undefined {
  if (!isMultimodal(call.upstreamModel)) return undefined
  const input = request.body['input']
  const texts = typeof input === 'string' ? [input] : Array.isArray(input) ? (input as unknown[]) : []
  if (!texts.every((text) => typeof text === 'string')) return undefined
  if (texts.length > 1) {
    const message = `${call.upstreamModel} makes one vector of a request: send one input at a time`
    return { ok: false, error: new ProviderError('invalid_request', { message, param: 'input' }) }
  }
  return { set: { input: texts.map((text) => ({ type: 'text', text })) } }
}
