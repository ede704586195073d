import type { AuditInput } from '../administration/change.ts'
import type { Tx } from '../../ports/database.ts'
import type { Secrets } from '../../ports/secrets.ts'

/** One application of a configuration: everything in it is one transaction. */
export interface Applying {
  readonly tx: Tx
  readonly secrets: Secrets
  readonly at: Date
  readonly currency: string
  readonly timeZone: string
  /** Audits a change; called for what really changed and for nothing else. */
  readonly record: (entry: AuditInput) => Promise<void>
  /** For the log, once all is committed. */
  readonly note: (message: string) => void
}

/** Something of the dashboard has the name of something in the file: from now on the file decides about it. */
export function noteAdoption(applying: Applying, before: { readonly origin: string }, what: string): void {
  if (before.origin !== 'yaml')
    applying.note(`${what} was made in the dashboard and follows the configuration file from now on`)
}

/** Names of the fields that differ. Dates and lists are compared by what they say. */
export function changedFields(
  row: object,
  wanted: Readonly<Record<string, string | boolean | Date | readonly string[] | bigint | null>>,
): string[] {
  return Object.entries(wanted)
    .filter(([field, value]) => !isSame(Reflect.get(row, field), value))
    .map(([field]) => field)
}

function isSame(left: unknown, right: unknown): boolean {
  if (left instanceof Date && right instanceof Date) return left.getTime() === right.getTime()
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => item === right[index])
  return left === right
}
