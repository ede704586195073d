import type { Incoming, SimulatedModel } from './platform.ts'

/** An embeddings request after the platform has accepted it. */
export interface EmbeddingCall {
  readonly model: SimulatedModel
  readonly inputs: readonly EmbeddingInput[]
  readonly promptTokens: number
  readonly dimensions: number
  readonly base64: boolean
  /** The platform reports no usage of embeddings. */
  readonly usageUntold?: true
  /**
   * The whole reply; `vectors` are JSON texts (an array of numbers or a base64 string), in input order. `tokens` is
   * the usage to tell: `undefined` when a fault silences it, `null` when one has it told as `null`.
   */
  reply(vectors: readonly string[], request: Incoming, tokens: number | null | undefined): string
}

export interface EmbeddingInput {
  /** What decides the vector: the same key gives the same vector. */
  readonly key: string
  readonly tokens: number
}
