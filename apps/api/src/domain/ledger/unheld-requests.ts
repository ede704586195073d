/**
 * Whether requests were served without holds since the counters were last rebuilt. What they used is in the ledger and
 * on no counter, so that counters which come back as they were have to be rebuilt all the same.
 */
export class UnheldRequests {
  #some = false
  #onSettled: () => void = () => {}

  admitted(): void {
    this.#some = true
  }

  /** One that was admitted without a hold has used something; the counters may be back by now. */
  settled(): void {
    this.#some = true
    this.#onSettled()
  }

  some(): boolean {
    return this.#some
  }

  /** The counters were rebuilt from the ledger. */
  counted(): void {
    this.#some = false
  }

  onSettled(listener: () => void): void {
    this.#onSettled = listener
  }
}
