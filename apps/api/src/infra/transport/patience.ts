import type { ExchangeOptions, TransportFailure } from '../../ports/transport.ts'

/**
 * How long one exchange may still be silent. Until the answer begins, only the whole wait counts: a head and keep-alive
 * comments are signs of life, but nobody waits for ever on them. Afterwards it is the time between two of them.
 */
export class Patience {
  readonly #options: ExchangeOptions
  readonly #startedMs = performance.now()
  #aliveMs = this.#startedMs
  #began = false
  #paused = false

  constructor(options: ExchangeOptions) {
    this.#options = options
  }

  /** Something came. */
  alive(): void {
    this.#aliveMs = performance.now()
  }

  answerBegan(): void {
    this.#began = true
  }

  /** Our own caller is waited for, or no longer. */
  pause(paused: boolean): void {
    this.#paused = paused
    this.alive()
  }

  /** What the exchange is to end with, if its time is over. */
  overdue(nowMs: number): TransportFailure | undefined {
    const { firstByteMs, idleMs } = this.#options
    if (!this.#began) {
      if (nowMs - this.#startedMs < firstByteMs) return undefined
      return { kind: 'first-byte-timeout', message: `no answer began within ${firstByteMs} ms` }
    }
    if (nowMs - this.#aliveMs < idleMs) return undefined
    return this.#paused
      ? { kind: 'reader-stalled', message: `the caller read nothing for ${idleMs} ms` }
      : { kind: 'idle-timeout', message: `nothing came for ${idleMs} ms in the middle of the answer` }
  }
}
