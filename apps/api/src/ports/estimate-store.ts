/** Where what the estimator has learned outlives the process, and where replicas share it. */
export interface EstimateStore {
  load(): Promise<readonly StoredEstimate[]>
  /** Adds these to what is there: nobody's increments overwrite anybody else's. */
  add(changes: readonly StoredEstimate[]): Promise<void>
}

/** What was learned about one side of a model, or what was learned since the last time. */
export interface StoredEstimate {
  readonly provider: string
  /** As the provider names it. */
  readonly model: string
  readonly side: 'input' | 'output'
  /** Requests by size and ratio, see domain/estimate/ratio-histogram.ts. */
  readonly counts: readonly number[]
  /** Requests ever learned from; the counts forget, this does not. */
  readonly samples: number
  readonly misses: number
}
