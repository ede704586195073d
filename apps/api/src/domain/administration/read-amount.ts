import { formatNanos, parseNanos } from '../prices/format-nanos.ts'
import { invalidField } from './error.ts'

/** What an amount counts: whole tokens or requests, or money. */
export type AmountKind = 'count' | 'money'

/** Throws `invalid_request` for money that is a number (floats lose cents) and for counts that are not whole. */
export function readAmount(kind: AmountKind, amount: number | string, path: string): bigint {
  if (kind === 'money') {
    const nanos = typeof amount === 'string' ? parseNanos(amount) : undefined
    if (nanos === undefined) throw invalidField(path, 'money is a decimal string such as "100.00"')
    return nanos
  }
  const count = typeof amount === 'string' && /^\d{1,15}$/.test(amount) ? Number(amount) : amount
  if (typeof count !== 'number' || !Number.isSafeInteger(count))
    throw invalidField(path, 'must be a whole number')
  return BigInt(count)
}

export function showAmount(kind: AmountKind, amount: bigint): number | string {
  return kind === 'money' ? formatNanos(amount) : Number(amount)
}
