import { isIP } from 'node:net'
import { invalidField } from './error.ts'

/** Addresses or CIDR ranges, IPv4 or IPv6; throws `invalid_request` that names the wrong one. */
export function checkIpRanges(path: string, ranges: readonly string[]): void {
  ranges.forEach((range, index) => {
    if (!isIpRange(range))
      throw invalidField(`${path}.${index}`, `"${range}" is not an address or range such as 10.1.0.0/16`)
  })
}

export function isIpRange(range: string): boolean {
  const [address = '', prefix, ...rest] = range.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128))
}
