import type { Receipt } from './receipt.ts'

/** The newest receipts of this process, by request id; older ones are rebuilt from the ledger. */
export class Receipts {
  readonly #entries = new Map<string, { readonly keyId: string; readonly receipt: Receipt }>()
  readonly #entriesMax: number

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax
  }

  keep(keyId: string, receipt: Receipt): void {
    if (this.#entries.size >= this.#entriesMax) {
      const oldest = this.#entries.keys().next()
      if (!oldest.done) this.#entries.delete(oldest.value)
    }
    this.#entries.set(receipt.id, { keyId, receipt })
  }

  /** Only for the key that made the request. */
  find(keyId: string, requestId: string): Receipt | undefined {
    const entry = this.#entries.get(requestId)
    return entry?.keyId === keyId ? entry.receipt : undefined
  }
}
