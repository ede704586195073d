import type { ChatStreamState, ProviderError, TokenUsage } from '../contract/index.ts'
import { isObject, parseJson, type JsonObject } from './json.ts'
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
  #latestEvent: string | undefined
  #latestTotal = -1
  readonly #readUsage: (usage: JsonObject) => TokenUsage

  constructor(read: (usage: JsonObject) => TokenUsage = readUsage) {
    this.#readUsage = read
  }

  get usage(): TokenUsage | undefined {
    this.#readLatest()
    return this.#usage === undefined ? undefined : this.#readUsage(this.#usage)
  }

  get usageJson(): string | undefined {
    this.#readLatest()
    return this.#usage === undefined ? undefined : JSON.stringify(openAiUsage(this.#usage))
  }

  /** Keeps the newer figures; `null` and what is no usage object changes nothing. */
  noteUsage(usage: unknown): void {
    this.#readLatest()
    this.#usage = newerUsage(this.#usage, usage)
  }

  /**
   * Running totals of a stream that repeats them in every event: only the largest is ever parsed, and only when
   * somebody asks. `event` is the event's text.
   */
  noteRunningUsage(totalTokens: number, event: string): void {
    if (totalTokens < this.#latestTotal) return
    this.#latestTotal = totalTokens
    this.#latestEvent = event
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

  #readLatest(): void {
    const event = this.#latestEvent
    if (event === undefined) return
    this.#latestEvent = undefined
    this.#latestTotal = -1
    const chunk = parseJson(event.slice(event.indexOf('{')))
    if (isObject(chunk)) this.#usage = newerUsage(this.#usage, chunk['usage'])
  }
}

/** The state as it is told where the answer ended otherwise for the client than for the platform. */
export function withFinishReason(state: ChatStreamState, finishReason: string): ChatStreamState {
  return {
    usage: state.usage,
    usageJson: state.usageJson,
    finishReason,
    complete: state.complete,
    error: state.error,
    hasOutput: state.hasOutput,
    outputBytes: state.outputBytes,
    upstreamId: state.upstreamId,
    chunkHead: state.chunkHead,
  }
}
