import {
  ProviderError,
  type EmbeddingAnswer,
  type ModelRequest,
  type Refusal,
  type TokenUsage,
} from '@tollgate/adapters/contract'
import { isRecord } from '../is-record.ts'

/** The requests that a list of inputs is cut into for a platform that takes `inputsMax` in one exchange. */
export function splitEmbeddings<Request extends ModelRequest>(
  request: Request,
  inputsMax: number | undefined,
): readonly Request[] {
  const input = request.body['input']
  if (inputsMax === undefined || !Array.isArray(input) || input.length <= inputsMax) return [request]
  // Only texts and lists of tokens are inputs each: a list of numbers is one, and so is one of a platform's own parts.
  const first: unknown = input[0]
  if (typeof first !== 'string' && !Array.isArray(first)) return [request]
  const parts: Request[] = []
  for (let from = 0; from < input.length; from += inputsMax) {
    const body = { ...request.body, input: input.slice(from, from + inputsMax) as unknown[] }
    parts.push({ ...request, body, raw: Buffer.from(JSON.stringify(body)) })
  }
  return parts
}

/**
 * The answers to the parts of a list as one, in the order of the inputs. A bucket of usage is known when every exchange
 * told it. Their bodies are in OpenAI's form, as adapters give them. An answer with more or fewer vectors than its part
 * has inputs is a refusal of the whole: the vectors after it would stand for the wrong inputs.
 */
export function joinEmbeddings(
  parts: readonly ModelRequest[],
  answers: readonly EmbeddingAnswer[],
): EmbeddingAnswer | Refusal {
  const [first] = answers
  if (first === undefined) throw new Error('nothing to join')
  const bodies = answers.map(({ body }) => parsed(body))
  const vectors = bodies.map(({ data }) => (Array.isArray(data) ? data.filter(isRecord) : []))
  for (const [place, { body }] of parts.entries()) {
    const asked = Array.isArray(body['input']) ? body['input'].length : 1
    const given = vectors[place]?.length ?? 0
    if (given === asked) continue
    const message = `The provider answered ${given} embeddings to ${asked} inputs`
    return { ok: false, error: new ProviderError('upstream_error', { message, concluded: true }) }
  }
  const data = vectors.flat().map((item, index) => ({ ...item, index }))
  const { usage: _, ...rest } = bodies[0] ?? {}
  const told = bodies.map((body) => body['usage'])
  const usage = told.every(isRecord) ? sumOf(told) : undefined
  return {
    ok: true,
    body: JSON.stringify({ ...rest, data, ...(usage === undefined ? {} : { usage }) }),
    usage: sumUsage(answers.map((answer) => answer.usage)),
    upstreamId: first.upstreamId,
  }
}

const buckets = [
  'inputTokens',
  'cachedInputTokens',
  'cacheWriteTokens',
  'outputTokens',
  'reasoningTokens',
  'totalTokens',
] as const satisfies readonly (keyof TokenUsage)[]

function sumUsage(usages: readonly (TokenUsage | undefined)[]): TokenUsage | undefined {
  const known = usages.filter((usage) => usage !== undefined)
  if (known.length < usages.length) return undefined
  const total: { -readonly [Bucket in keyof TokenUsage]: TokenUsage[Bucket] } = {}
  for (const bucket of buckets) {
    const figures = known.map((usage) => usage[bucket]).filter((figure) => figure !== undefined)
    if (figures.length === usages.length) total[bucket] = figures.reduce((sum, figure) => sum + figure, 0)
  }
  return total
}

/** The figures that every part has; details are left out. */
function sumOf(parts: readonly Record<string, unknown>[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const name of ['prompt_tokens', 'total_tokens']) {
    const figures = parts.map((part) => part[name]).filter((figure) => typeof figure === 'number')
    if (figures.length === parts.length) total[name] = figures.reduce((sum, figure) => sum + figure, 0)
  }
  return total
}

function parsed(body: Uint8Array | string): Record<string, unknown> {
  const value: unknown = JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString('utf8'))
  return isRecord(value) ? value : {}
}
