import type { Call } from '../contract/index.ts'

/**
 * Rows that DashScope embeds in one request (provider sheet of Tongyi, section 6). Models that are not listed there are
 * not bounded here.
 */
export function dashScopeInputsMax(call: Call): number | undefined {
  const version = /^text-embedding-v([1-4])$/.exec(call.upstreamModel)?.[1]
  if (version === undefined) return undefined
  return version === '1' || version === '2' ? 25 : 10
}
