import type { TransportFailure } from '../../ports/transport.ts'
import { AddressNotAllowed } from './address-not-allowed.ts'
import { connectMs } from './guarded-connector.ts'

/** Node's and undici's error codes, in our words. The message keeps host and port and drops everything else. */
export function toTransportFailure(error: Error, headSeen: boolean): TransportFailure {
  if (error instanceof AddressNotAllowed) return { kind: 'address-not-allowed', message: error.message }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (headSeen) return { kind: 'closed', message: 'the connection was cut in the middle of the answer' }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return { kind: 'dns', message: `its host name does not resolve (${code})` }
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return { kind: 'connect-timeout', message: `no connection within ${connectMs} ms` }
  }
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') {
    return { kind: 'refused', message: `no connection (${code})` }
  }
  if (
    code.startsWith('ERR_TLS') ||
    code.startsWith('ERR_SSL') ||
    code.includes('CERT') ||
    code === 'EPROTO'
  ) {
    return { kind: 'tls', message: `no trusted TLS connection (${code})` }
  }
  return {
    kind: 'closed',
    message: `the connection was closed before an answer came (${code || error.name})`,
  }
}
