import type { Provider } from '@tollgate/adapters/contract'
import { estimateInputTokens } from './estimate-input.ts'

/** The raw estimate of one request's input, weighed once for all providers that weigh alike. */
export class RawInput {
  readonly #body: Readonly<Record<string, unknown>>
  #hunyuan: number | undefined
  #others: number | undefined

  constructor(body: Readonly<Record<string, unknown>>) {
    this.#body = body
  }

  tokens(provider: Provider): number {
    return provider === 'hunyuan'
      ? (this.#hunyuan ??= estimateInputTokens(this.#body, provider))
      : (this.#others ??= estimateInputTokens(this.#body, provider))
  }
}
