import type { UsageRecord } from './usage-record.ts'

/** Facts for `/metrics`, named after the GenAI semantic conventions where those have a name. */
export interface Meter {
  requestSettled(record: UsageRecord): void
  requestRefused(code: string): void
  attemptFailed(provider: string, kind: string): void
  /** The answer came from another model than the one that was asked for. */
  modelSubstituted(provider: string): void
  /** The provider counted more input than the estimator's upper bound. */
  estimatorMissed(provider: string, tokens: number): void
}
