import type { ProviderError } from '@tollgate/adapters/contract'
import { isRetriable } from '../error-table.ts'
import type { GatewayError } from '../errors.ts'
import { toGatewayError } from './to-gateway-error.ts'

/**
 * What the caller is told when every account that was tried has failed: the last failure, unless sending the request
 * again cannot help with it and can with an earlier one. A broken account behind a busy one must not keep the caller from
 * coming back. A request that is wrong for one platform is told as that, however.
 */
export function whatToTell(failures: readonly ProviderError[]): GatewayError | undefined {
  const last = failures.at(-1)
  if (last === undefined) return undefined
  const told = failures.map(toGatewayError)
  return (last.failsOver ? told.findLast(isRetriable) : undefined) ?? told.at(-1)
}
