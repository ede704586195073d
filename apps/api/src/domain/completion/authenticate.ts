import { hash } from 'node:crypto'
import { BlockList, isIPv6 } from 'node:net'
import { GatewayError } from '../errors.ts'
import type { KeyEntry, Snapshot } from '../snapshot/snapshot.ts'

/** Finds the key that may make this call. The secret is looked up by its hash, so no comparison can leak its text. */
export function authenticate(
  snapshot: Snapshot,
  call: { readonly authorization: string | undefined; readonly ip: string; readonly atMs: number },
): KeyEntry {
  const secret = bearerToken(call.authorization)
  if (secret === undefined) {
    throw new GatewayError(
      'invalid_api_key',
      'No API key was sent. Send it as "Authorization: Bearer sk-tg-…"; keys are made on the dashboard under Keys.',
    )
  }
  const key = snapshot.keys.get(hash('sha256', secret, 'hex'))
  if (key === undefined) {
    throw new GatewayError(
      'invalid_api_key',
      'This API key is not known here. Check for missing characters, or ask your team lead for a new key.',
    )
  }
  if (key.revokedAtMs !== undefined) {
    throw new GatewayError(
      'invalid_api_key',
      `The API key "${key.name}" was revoked. Ask your team lead for a new one.`,
    )
  }
  if (key.expiresAtMs !== undefined && key.expiresAtMs <= call.atMs) {
    throw new GatewayError(
      'invalid_api_key',
      `The API key "${key.name}" expired on ${new Date(key.expiresAtMs).toISOString()}. Ask your team lead for a new one.`,
    )
  }
  if (!key.team.enabled) {
    throw new GatewayError(
      'invalid_api_key',
      `The team "${key.team.name}" is switched off. Ask an administrator.`,
    )
  }
  if (key.allowedIps.length > 0 && !allowList(key).check(call.ip, isIPv6(call.ip) ? 'ipv6' : 'ipv4')) {
    throw new GatewayError('ip_not_allowed', `The API key "${key.name}" may not be used from ${call.ip}.`)
  }
  return key
}

function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined
  const match = /^bearer\s+(\S+)\s*$/i.exec(authorization)
  return match?.[1]
}

function allowList(key: KeyEntry): BlockList {
  let list = allowLists.get(key)
  if (list === undefined) {
    list = new BlockList()
    for (const entry of key.allowedIps) {
      const [address = '', prefix] = entry.split('/')
      const family = isIPv6(address) ? 'ipv6' : 'ipv4'
      if (prefix === undefined) list.addAddress(address, family)
      else list.addSubnet(address, Number(prefix), family)
    }
    allowLists.set(key, list)
  }
  return list
}

/** Built once for each key of a snapshot; gone with it. */
const allowLists = new WeakMap<KeyEntry, BlockList>()
