import { randomUUID } from 'node:crypto'

/**
 * A UUIDv7 (RFC 9562): 48 bits of time, the rest random. Made from Node's own random UUIDs, which come from a pool:
 * a call for each id would cost a request more than its authentication does.
 */
export function newRequestId(nowMs: number): string {
  const time = nowMs.toString(16).padStart(12, '0')
  // The fourteenth character onwards is the version digit and what follows it; the variant bits are in place.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}
