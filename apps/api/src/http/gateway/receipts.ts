import type { GatewayServices } from '../../domain/completion/services.ts'
import { grantSize } from '../../domain/grants/grant-size.ts'
import { grantCounter } from '../../domain/counters/windows.ts'
import { GatewayError } from '../../domain/errors.ts'
import { toReceipt, type Receipt } from '../../domain/ledger/receipt.ts'
import { formatNanos } from '../../domain/prices/format-nanos.ts'
import type { KeyEntry } from '../../domain/snapshot/snapshot.ts'
import type { Ledger } from '../../ports/ledger.ts'
import { readQuotasLeft, type QuotaLeft } from './usage.ts'

interface ReceiptView extends Receipt {
  /** As of this moment, not of the request. */
  readonly left: { readonly quotas: readonly QuotaLeft[]; readonly grant: number | string | null }
}

/** `GET /v1/receipts/{request id}`, for the key that made the request. */
export async function showReceipt(
  services: GatewayServices,
  ledger: Ledger,
  key: KeyEntry,
  requestId: string,
): Promise<ReceiptView> {
  const kept = services.receipts.find(key.id, requestId, services.snapshot().quotas)
  // The ledger comes first: it knows of prices that were corrected since. Memory knows what has not been drained, and
  // has the answer while the database is away.
  const receipt =
    (await fromLedger(services, ledger, key, requestId).catch((error: unknown) => {
      if (kept === undefined) throw error
      return undefined
    })) ?? kept
  if (receipt === undefined) {
    throw new GatewayError(
      'not_found',
      `There is no receipt "${requestId.slice(0, 64)}" for this key. The id is in the header x-request-id of the answer.`,
    )
  }
  return {
    ...receipt,
    left: {
      quotas: await readQuotasLeft(services, key),
      grant: await grantLeft(services, receipt.grant?.id),
    },
  }
}

async function fromLedger(
  services: GatewayServices,
  ledger: Ledger,
  key: KeyEntry,
  requestId: string,
): Promise<Receipt | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(requestId)) return undefined
  const record = await ledger.findCorrected(requestId)
  if (record === undefined || record.keyId !== key.id) return undefined
  const grant = record.grantId === undefined ? undefined : services.snapshot().grants.get(record.grantId)
  return toReceipt(record, grant?.name, services.snapshot().quotas)
}

async function grantLeft(
  services: GatewayServices,
  grantId: string | undefined,
): Promise<number | string | null> {
  const snapshot = services.snapshot()
  const grant = grantId === undefined ? undefined : snapshot.grants.get(grantId)
  if (grant === undefined) return null
  const atMs = services.clock.now()
  const [reading] = await services.counters.read([grantCounter(grant, atMs, snapshot.timeZone)], atMs)
  const left = grantSize(grant, atMs) - (reading?.settled ?? 0n) - (reading?.held ?? 0n)
  return grant.unit === 'money' ? formatNanos(left) : Number(left)
}
