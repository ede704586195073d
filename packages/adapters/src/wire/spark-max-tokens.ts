import type { ChatRequest } from '../contract/index.ts'
import type { SparkModel } from './spark-models.ts'

/** The cap that is really sent; the answer is `length` when it is reached, since no finish reason is told. */
export function sparkMaxTokens(request: ChatRequest, model: SparkModel): number | undefined {
  const asked = request.maxOutputTokens
  if (asked === undefined) return undefined
  return Math.max(1, Math.min(asked, model.maxTokensCap ?? asked))
}
