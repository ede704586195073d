import type { Nanos } from './price.ts'

const nanosPerUnit = 1_000_000_000n

/** Nanos as a decimal string without trailing zeros, exact: 12340000000n is "12.34". */
export function formatNanos(nanos: Nanos): string {
  const sign = nanos < 0n ? '-' : ''
  const size = nanos < 0n ? -nanos : nanos
  const fraction = (size % nanosPerUnit).toString().padStart(9, '0').replace(/0+$/, '')
  const whole = (size / nanosPerUnit).toString()
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`
}

/** The other way; `undefined` for text that is no decimal number or is finer than a nano. */
export function parseNanos(text: string): Nanos | undefined {
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?$/.exec(text.trim())
  if (match === null) return undefined
  const [, sign = '', whole = '0', fraction = ''] = match
  const size = BigInt(whole) * nanosPerUnit + BigInt(fraction.padEnd(9, '0'))
  return sign === '-' ? -size : size
}
