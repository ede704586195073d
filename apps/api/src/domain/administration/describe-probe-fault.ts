import type { ProviderError } from '@tollgate/adapters/contract'
import type { ProbeFailure } from '../../ports/prober.ts'
import type { Connection } from './account-form.ts'

export type ProbeFault =
  'credentials' | 'permission' | 'balance' | 'network' | 'address' | 'provider' | 'request'

export interface DescribedFault {
  readonly fault: ProbeFault
  readonly message: string
}

/** Whose fault a provider's refusal is, and what to do next. */
export function describeProbeFault(error: ProviderError, connection: Connection): DescribedFault {
  const who = connection.provider
  switch (error.kind) {
    case 'invalid_credentials':
      return {
        fault: 'credentials',
        message: `${who} does not know these credentials. Compare them with its console, and check that they belong to the region and plan of ${connection.baseUrl}.`,
      }
    case 'permission_denied':
      return {
        fault: 'permission',
        message: `${who} knows the credentials but does not allow this. Open the model or service in its console, and check its list of allowed addresses.`,
      }
    case 'free_quota_exhausted':
      return {
        fault: 'balance',
        message: `The credentials work; the free quota is used up. Choose another model, or turn on paid use in the console of ${who}.`,
      }
    case 'balance_exhausted':
      return {
        fault: 'balance',
        message: `The credentials work; the account has no money left or is in arrears. Top it up in the console of ${who}.`,
      }
    case 'rate_limited':
      return {
        fault: 'provider',
        message: `${who} answers but limits the account right now. Wait a minute and test again.`,
      }
    case 'overloaded':
    case 'timeout':
      return { fault: 'provider', message: `${who} has no capacity right now. Test again in a few minutes.` }
    case 'unreachable':
      return {
        fault: 'network',
        message: `${connection.baseUrl} cannot be reached from this machine.`,
      }
    case 'model_not_found':
      return {
        fault: 'request',
        message: `${who} does not serve the model that was tried under these credentials. Check the upstream name of the model; an endpoint id may be needed.`,
      }
    case 'invalid_request':
    case 'context_length_exceeded':
    case 'content_filter':
      return {
        fault: 'request',
        message: `${who} refused the test request itself. Check that the protocol "${connection.protocol}" and the base URL belong together.`,
      }
    case 'upstream_error':
      return {
        fault: 'provider',
        message: `The answer of ${connection.baseUrl} makes no sense for "${connection.protocol}". Check the base URL; if it is right, ${who} has a fault.`,
      }
  }
}

/** Why no answer came at all. */
export function describeProbeFailure(failure: ProbeFailure, connection: Connection): DescribedFault {
  const { host } = new URL(connection.baseUrl)
  switch (failure) {
    case 'refused':
      return {
        fault: 'network',
        message: `${host} refused the connection. Check the port, and that the server is running.`,
      }
    case 'dns':
      return {
        fault: 'network',
        message: `The name ${host} cannot be resolved on this machine. Check its spelling and this machine's DNS.`,
      }
    case 'tls':
      return {
        fault: 'network',
        message: `No safe connection to ${host}: its certificate was not accepted. Check the address, the clock and any proxy in between.`,
      }
    case 'timeout':
      return {
        fault: 'network',
        message: `${host} did not answer in time. Check firewalls and proxies between this machine and the provider.`,
      }
    case 'address-not-allowed':
      return {
        fault: 'address',
        message: `${host} is a private or reserved address, which only the configuration file may name. Put the account into tollgate.yaml, or allow such addresses with TOLLGATE_PRIVATE_UPSTREAMS=allow.`,
      }
  }
}
