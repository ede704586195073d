import { closedObject, textAt } from './fields.ts'
import type { SessionMatch } from '../engine/sessions.ts'

/** Reads the body of `POST /_sim/sessions/expire`, closed. */
export function readSessionMatch(value: unknown, protocols: readonly string[]): SessionMatch {
  const match = closedObject(value, 'the body', ['protocol', 'account', 'as'])
  return {
    protocol: textAt(match, 'protocol', protocols),
    account: textAt(match, 'account'),
    as: textAt(match, 'as', ['expired', 'invalid']) === 'invalid' ? 'invalid' : 'expired',
  }
}
