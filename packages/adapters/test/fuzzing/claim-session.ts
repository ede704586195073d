import type { Call, SessionOperation } from '../../src/contract/index.ts'
import { claim, isText } from './claim.ts'
import { claimError } from './claim-error.ts'

/** A session has values and an end that a clock can come to, or there is none. */
export function claimSession(opened: ReturnType<SessionOperation['read']>, call: Call): void {
  if (!opened.ok) return claimError(opened.error, call)
  const { values, expiresAtMs } = opened
  claim(!Number.isNaN(new Date(expiresAtMs).getTime()), 'a session ends at a time', expiresAtMs)
  claim(Object.values(values).length > 0 && Object.values(values).every(isText), 'values are text', values)
}
