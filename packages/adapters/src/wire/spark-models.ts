/** What differs between Spark's models, as far as the vendor documents it (provider sheet, sections 2.1 and 8). */
export interface SparkModel {
  /** Largest `max_tokens`; absent where no range is given. */
  readonly maxTokensCap?: number
  /** A system message is documented for Max and Ultra only; elsewhere its text goes before the first user message. */
  readonly takesSystem: boolean
  /** Searches the web unless told not to, which costs prompt tokens and time. */
  readonly searchesByDefault: boolean
  /** The X line: reasons before it answers, and is told by `thinking` whether to. */
  readonly reasons: boolean
  /** X2.5 knows `max_completion_tokens` in place of `max_tokens`, and one fixed temperature and `top_p`. */
  readonly fixedSampling: boolean
}

export function sparkModel(upstreamModel: string): SparkModel {
  return models.get(upstreamModel) ?? (upstreamModel.startsWith('spark-x2.5') ? x25 : plain)
}

/** Models of other makers and fine tunes on the vendor's platform, of which no range or default is known. */
const plain: SparkModel = {
  takesSystem: true,
  searchesByDefault: false,
  reasons: false,
  fixedSampling: false,
}
const x25: SparkModel = { ...plain, reasons: true, fixedSampling: true }
/** That the X line searches by default too is not verified; `enable: false` is harmless where it does not. */
const reasoning: SparkModel = { ...plain, searchesByDefault: true, reasons: true }

const models: ReadonlyMap<string, SparkModel> = new Map([
  ['lite', { ...plain, takesSystem: false, maxTokensCap: 4096 }],
  ['generalv3', { ...plain, takesSystem: false, searchesByDefault: true, maxTokensCap: 8192 }],
  ['pro-128k', { ...plain, takesSystem: false, searchesByDefault: true, maxTokensCap: 4096 }],
  ['generalv3.5', { ...plain, searchesByDefault: true, maxTokensCap: 8192 }],
  // 8192 in the document of 2025, 32768 in the later one.
  ['max-32k', { ...plain, searchesByDefault: true, maxTokensCap: 32_768 }],
  ['4.0Ultra', { ...plain, searchesByDefault: true, maxTokensCap: 32_768 }],
  ['x1', reasoning],
  ['x1-preview', reasoning],
  ['spark-x', reasoning],
])
