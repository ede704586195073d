import type { Protocol } from '@tollgate/adapters/contract'

/** Buckets that only some platforms tell apart. */
export type Detail = 'cachedInputTokens' | 'reasoningTokens'

/** How a protocol tells what an answer has used. */
export interface UsageDialect {
  /**
   * `running`: figures in every frame of a stream, known wherever it breaks. `final`: once, at its end; a stream that
   * breaks before is booked with an estimate.
   */
  readonly inStreams: 'running' | 'final'
  /**
   * Buckets told apart in a plain answer, be it with a 0, and in a stream where that differs. All others must stay
   * unknown in the record: no 0 that nobody said.
   */
  readonly details: readonly Detail[]
  readonly detailsInStreams?: readonly Detail[]
  /** Cached input is told once there is any. */
  readonly cached: boolean
  /** `apart`: thinking has its bucket; `within`: it is part of the output; `none`: no model of the platform thinks. */
  readonly reasoning: 'apart' | 'within' | 'none'
  readonly embeddings: 'told' | 'untold' | 'none'
}

const both: readonly Detail[] = ['cachedInputTokens', 'reasoningTokens']
const cachedOnly: readonly Detail[] = ['cachedInputTokens']
const none: readonly Detail[] = []

/** From the provider sheets. A protocol cannot be registered without its row. */
export const usageDialects: Readonly<Record<Protocol, UsageDialect>> = {
  'qianfan-v2': row('final', none, { cached: true, reasoning: 'apart', embeddings: 'told' }),
  'qianfan-v1': row('running', none, { cached: false, reasoning: 'none', embeddings: 'told' }),
  tokenhub: row('final', both, {
    detailsInStreams: none,
    cached: true,
    reasoning: 'apart',
    embeddings: 'told',
  }),
  'hunyuan-openai': row('final', none, { cached: false, reasoning: 'within', embeddings: 'told' }),
  'hunyuan-native': row('running', none, { cached: true, reasoning: 'within', embeddings: 'told' }),
  'tongyi-compatible': row('final', cachedOnly, { cached: true, reasoning: 'apart', embeddings: 'told' }),
  'tongyi-native': row('running', cachedOnly, { cached: true, reasoning: 'apart', embeddings: 'told' }),
  'spark-http': row('final', none, { cached: false, reasoning: 'within', embeddings: 'none' }),
  'spark-websocket': row('final', none, { cached: false, reasoning: 'within', embeddings: 'untold' }),
  ark: row('final', both, { cached: true, reasoning: 'apart', embeddings: 'told' }),
  baichuan: row('final', none, { cached: false, reasoning: 'within', embeddings: 'told' }),
  modelscope: row('final', none, { cached: true, reasoning: 'apart', embeddings: 'told' }),
  deepseek: row('final', both, { cached: true, reasoning: 'apart', embeddings: 'none' }),
  openai: row('final', both, {
    detailsInStreams: none,
    cached: true,
    reasoning: 'apart',
    embeddings: 'told',
  }),
}

function row(
  inStreams: UsageDialect['inStreams'],
  details: readonly Detail[],
  rest: Omit<UsageDialect, 'inStreams' | 'details'>,
): UsageDialect {
  return { inStreams, details, ...rest }
}
