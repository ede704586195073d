import type { UsageRecord } from '../../ports/usage-record.ts'
import type { QuotaEntry } from '../snapshot/snapshot.ts'
import { toReceipt, type Receipt } from './receipt.ts'

/** The newest requests of this process, by id, for their receipts; older ones are rebuilt from the ledger. */
export class Receipts {
  readonly #records = new Map<
    string,
    { readonly record: UsageRecord; readonly grantName: string | undefined }
  >()
  readonly #recordsMax: number

  constructor(recordsMax: number) {
    this.#recordsMax = recordsMax
  }

  keep(record: UsageRecord, grantName: string | undefined): void {
    if (this.#records.size >= this.#recordsMax) {
      const oldest = this.#records.keys().next()
      if (!oldest.done) this.#records.delete(oldest.value)
    }
    this.#records.set(record.requestId, { record, grantName })
  }

  /** Only for the key that made the request. Written when somebody asks, which is seldom. */
  find(keyId: string, requestId: string, quotas: ReadonlyMap<string, QuotaEntry>): Receipt | undefined {
    const kept = this.#records.get(requestId)
    return kept === undefined || kept.record.keyId !== keyId
      ? undefined
      : toReceipt(kept.record, kept.grantName, quotas)
  }
}
