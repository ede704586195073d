import { lookup as dnsLookup, type LookupAddress } from 'node:dns'
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { AddressNotAllowed } from './address-not-allowed.ts'

/**
 * Dials upstreams. Link-local and cloud-metadata addresses are refused always, private and loopback ones unless the
 * operator allows them. The check is made on the addresses that are really dialled, so a name that resolves
 * differently the second time gains nothing.
 */
export function guardedConnector(guard: AddressGuard): buildConnector.connector {
  const connect = buildConnector({ timeout: connectMs, lookup: guardedLookup(guard) })
  return (target, callback) => {
    const refused = refuseLiteral(target.hostname, guard)
    if (refused === undefined) connect(target, callback)
    else callback(refused, null)
  }
}

export interface AddressGuard {
  readonly privateAllowed: boolean
}

/** How long a connection may take, TLS included. */
export const connectMs = 10_000

/** A look-up that fails for names of addresses that may not be dialled. Literal addresses never come by here. */
export function guardedLookup({ privateAllowed }: AddressGuard): LookupFunction {
  return (hostname, lookupOptions, callback) => {
    dnsLookup(hostname, { ...lookupOptions, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '', 0)
        return
      }
      const refused = addresses.find(({ address }) => refusalOf(address, privateAllowed) !== undefined)
      if (refused !== undefined) {
        callback(notAllowed(hostname, refused.address, privateAllowed), '', 0)
        return
      }
      answer(callback, addresses, lookupOptions.all === true)
    })
  }
}

/** Why the host of a URL may not be dialled, if it is a literal address that may not. */
export function refuseLiteral(
  hostname: string,
  { privateAllowed }: AddressGuard,
): AddressNotAllowed | undefined {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) === 0 || refusalOf(host, privateAllowed) === undefined) return undefined
  return notAllowed(host, host, privateAllowed)
}

function answer(callback: Parameters<LookupFunction>[2], addresses: LookupAddress[], all: boolean): void {
  if (all) callback(null, addresses)
  else callback(null, addresses[0]?.address ?? '', addresses[0]?.family)
}

function notAllowed(hostname: string, address: string, privateAllowed: boolean): AddressNotAllowed {
  const where = hostname === address ? address : `${hostname} (${address})`
  return new AddressNotAllowed(
    refusalOf(address, privateAllowed) === 'private'
      ? `${where} is a private address; name the account in tollgate.yaml, or set TOLLGATE_PRIVATE_UPSTREAMS=allow`
      : `${where} is a link-local or metadata address, which is never dialled`,
  )
}

function refusalOf(address: string, privateAllowed: boolean): 'forbidden' | 'private' | undefined {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  if (forbidden.check(address, family)) return 'forbidden'
  return !privateAllowed && privateRanges.check(address, family) ? 'private' : undefined
}

const forbidden = new BlockList()
forbidden.addSubnet('169.254.0.0', 16)
forbidden.addSubnet('0.0.0.0', 8)
forbidden.addSubnet('224.0.0.0', 3)
forbidden.addSubnet('fe80::', 10, 'ipv6')
forbidden.addSubnet('ff00::', 8, 'ipv6')
forbidden.addAddress('::', 'ipv6')
// Metadata services of Alibaba Cloud, AWS over IPv6, and Oracle outside of the link-local range.
forbidden.addAddress('100.100.100.200')
forbidden.addAddress('fd00:ec2::254', 'ipv6')
forbidden.addAddress('192.0.0.192')

const privateRanges = new BlockList()
privateRanges.addSubnet('10.0.0.0', 8)
privateRanges.addSubnet('100.64.0.0', 10)
privateRanges.addSubnet('127.0.0.0', 8)
privateRanges.addSubnet('172.16.0.0', 12)
privateRanges.addSubnet('192.168.0.0', 16)
privateRanges.addSubnet('198.18.0.0', 15)
privateRanges.addAddress('::1', 'ipv6')
privateRanges.addSubnet('fc00::', 7, 'ipv6')
