import type { ChatStreamState, ProviderError, TokenUsage } from '../contract/index.ts'
import type { JsonObject } from './json.ts'
import { newerUsage, openAiUsage, readUsage } from './usage.ts'

/** `ChatStreamState` while it is being written. Usage figures are only read when somebody asks for them. */
export class StreamRecord implements ChatStreamState {
  finishReason: string | undefined
  complete = false
  error: ProviderError | undefined
  hasOutput = false
  outputBytes = 0
  upstreamId: string | undefined
  chunkHead: { readonly id: string; readonly created: number; readonly model: string } | undefined
  #usage: JsonObject | undefined
  readonly #readUsage: (usage: JsonObject) => TokenUsage

  constructor(read: (usage: JsonObject) => TokenUsage = readUsage) {
    this.#readUsage = read
  }

  get usage(): TokenUsage | undefined {
    return this.#usage === undefined ? undefined : this.#readUsage(this.#usage)
  }

  get usageJson(): string | undefined {
    return this.#usage === undefined ? undefined : JSON.stringify(openAiUsage(this.#usage))
  }

  /** Keeps the newer figures; `null` and what is no usage object changes nothing. */
  noteUsage(usage: unknown): void {
    this.#usage = newerUsage(this.#usage, usage)
  }

  /** Text, reasoning or arguments that the client is given. */
  noteOutput(bytes: number): void {
    if (bytes === 0) return
    this.hasOutput = true
    this.outputBytes += bytes
  }

  /** The first error stays: what follows it is its echo. */
  fail(error: ProviderError): void {
    this.error ??= error
  }
}
