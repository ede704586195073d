import type { Grant, GrantInput, GrantPatch, GrantUnit } from '../../shared/api/types.ts'
import { isAmount } from '../../shared/format/money.ts'
import { fromDateInput, toDateInput } from '../../shared/format/time.ts'

export const grantUnits: readonly GrantUnit[] = [
  'tokens',
  'input-tokens',
  'output-tokens',
  'requests',
  'money',
]
/** Kinds of calls a grant may be for; all that pass through the gateway. */
export const grantCalls: readonly Grant['covers'][number][] = ['chat', 'embeddings']
export const grantWindows: readonly Grant['window'][] = ['once', 'day', 'month']

/** A grant as typed: days are calendar days of the installation's zone. */
export interface GrantFormValues {
  name: string
  /** Patterns, separated by commas or spaces. */
  models: string
  unit: GrantUnit
  amount: string
  /** The only kind of call it pays for; empty: all. */
  covers: Grant['covers'][number] | ''
  window: Grant['window']
  validFrom: string
  expiresAt: string
  whenEmpty: Grant['whenEmpty']
  note: string
}

export function initialGrantValues(grant: Grant | undefined, timeZone: string): GrantFormValues {
  const day = (iso: string) => toDateInput(Date.parse(iso), timeZone)
  return {
    name: grant?.name ?? '',
    models: grant?.models.join(', ') ?? '',
    unit: grant?.unit ?? 'tokens',
    amount: grant === undefined ? '' : String(grant.granted),
    covers: coversOnly(grant?.covers ?? []) ?? '',
    window: grant?.window ?? 'once',
    validFrom: grant === undefined ? toDateInput(Date.now(), timeZone) : day(grant.validFrom),
    expiresAt: grant?.expiresAt == null ? '' : day(grant.expiresAt),
    whenEmpty: grant?.whenEmpty ?? 'provider-stops',
    note: grant?.note ?? '',
  }
}

/** The one kind of call that a grant is narrowed to; nothing when it pays for all. */
export function coversOnly(covers: Grant['covers']): Grant['covers'][number] | undefined {
  return covers.length === 1 ? covers[0] : undefined
}

export function isGrantComplete(values: GrantFormValues): boolean {
  return (
    splitPatterns(values.models).length > 0 &&
    values.validFrom !== '' &&
    isGrantAmount(values.amount, values.unit)
  )
}

/** Tokens and requests are whole; money has up to nine places. */
export function isGrantAmount(amount: string, unit: GrantUnit): boolean {
  return unit === 'money' ? isAmount(amount) : /^\d{1,15}$/.test(amount)
}

export function toGrantAmount(amount: string, unit: GrantUnit): number | string {
  return unit === 'money' ? amount : Number(amount)
}

function splitPatterns(text: string): string[] {
  return text.split(/[\s,，]+/).filter((pattern) => pattern !== '')
}

/** What a person read in the platform's console is the best source there is. */
export function toGrantInput(account: string, values: GrantFormValues, timeZone: string): GrantInput {
  return {
    account,
    ...described(values),
    unit: values.unit,
    amount: toGrantAmount(values.amount, values.unit),
    validFrom: fromDateInput(values.validFrom, timeZone),
    ...(values.expiresAt === '' ? {} : { expiresAt: fromDateInput(values.expiresAt, timeZone) }),
    source: 'console',
    confidence: 'confirmed',
  }
}

export function toGrantPatch(values: GrantFormValues, timeZone: string): GrantPatch {
  return {
    ...described(values),
    validFrom: fromDateInput(values.validFrom, timeZone),
    expiresAt: values.expiresAt === '' ? null : fromDateInput(values.expiresAt, timeZone),
  }
}

function described(values: GrantFormValues) {
  const note = values.note.trim()
  const name = values.name.trim()
  return {
    models: splitPatterns(values.models),
    covers: values.covers === '' ? [] : [values.covers],
    window: values.window,
    whenEmpty: values.whenEmpty,
    ...(name === '' ? {} : { name }),
    ...(note === '' ? {} : { note }),
  }
}
