import { formatNanos } from '../prices/format-nanos.ts'
import type { GrantEntry, GrantUnit, OfferingEntry } from '../snapshot/snapshot.ts'
import type { UncoveredField } from './find-uncovered-field.ts'

/** Why an offering, or one of its grants, does not serve a request. */
export type PassedOver =
  /** The request itself asks for something that no free quota pays for. */
  | ({ readonly because: 'field' } & UncoveredField)
  | { readonly because: 'no-grant' | 'no-price'; readonly offering: OfferingEntry }
  /** Another model was seen to answer, which no grant names. */
  | { readonly because: 'substituted'; readonly offering: OfferingEntry; readonly answered: string }
  | {
      readonly because:
        | 'coverage'
        | 'public-name'
        | 'not-yet-valid'
        | 'expired'
        | 'expires-too-soon'
        | 'said-empty'
        | 'money-without-price'
        | 'bills-without-price'
        | 'other-side'
        | 'fee'
      readonly offering: OfferingEntry
      readonly grant: GrantEntry
    }
  | {
      readonly because: 'too-little'
      readonly offering: OfferingEntry
      readonly grant: GrantEntry
      /** In the grant's unit: for the shortest answer that is worth it. */
      readonly needed: bigint
      readonly left: bigint
      readonly held: bigint
    }

/** One clause for the caller: what is in the way, and what would help. */
export function describePassedOver(reason: PassedOver, requestMsMax: number): string {
  if (reason.because === 'field') return describeField(reason)
  const { offering } = reason
  const name = `${offering.account.name}/${offering.name}`
  switch (reason.because) {
    case 'no-grant':
      return `no free quota of ${name} is known; an administrator can confirm one on the Grants page or in tollgate.yaml`
    case 'no-price':
      return `${name} has no price, so its cost cannot be bounded; an administrator can set one (0 for own servers) on the Providers page or in tollgate.yaml`
    case 'substituted':
      return `the provider of ${name} was seen to answer with "${reason.answered}" in place of "${offering.upstreamModel}"; if that is free too, add it to the models of the grant`
    case 'coverage':
      return `the grant ${nameOf(reason)} pays for ${reason.grant.covers.join(' and ')} only`
    case 'public-name':
      return `the grant ${nameOf(reason)} does not name "${offering.upstreamModel}", as the provider calls the model; add it to the models of the grant`
    case 'not-yet-valid':
      return `the grant ${nameOf(reason)} begins at ${moment(reason.grant.validFromMs)}`
    case 'expired':
      return `the grant ${nameOf(reason)} expired at ${moment(reason.grant.expiresAtMs)}`
    case 'expires-too-soon':
      return `the grant ${nameOf(reason)} expires at ${moment(reason.grant.expiresAtMs)}, and a request may run for ${Math.ceil(requestMsMax / 60_000)} minutes`
    case 'said-empty':
      return `the provider says that the grant ${nameOf(reason)} is used up`
    case 'money-without-price':
      return `the grant ${nameOf(reason)} counts money in ${reason.grant.currency}, and ${name} has no price in it; an administrator can set one`
    case 'bills-without-price':
      return `the provider bills what goes beyond the grant ${nameOf(reason)}, and ${name} has no price; an administrator can set one, or switch the account to stop at zero`
    case 'other-side':
      return `the grant ${nameOf(reason)} pays for ${reason.grant.unit === 'input-tokens' ? 'input' : 'output'} only, and the other side costs money`
    case 'fee':
      return `the grant ${nameOf(reason)} pays for tokens, and ${name} has a fee a request`
    case 'too-little':
      return describeTooLittle(reason)
  }
}

function describeField(field: UncoveredField): string {
  return field.asks === 'another-model'
    ? `"${field.field}" lets the provider answer with another model, which may cost money; leave it out`
    : `"${field.field}" asks for something that is billed apart from the model's tokens; leave it out`
}

function describeTooLittle(reason: Extract<PassedOver, { because: 'too-little' }>): string {
  const { grant, left, held, needed } = reason
  const show = (amount: bigint) => showAmount(grant.unit, grant.currency, amount)
  const running = held > 0n ? `, and running requests hold ${show(held)}` : ''
  const rest = left > 0n ? `has ${show(left)} left` : held > 0n ? 'has nothing left' : 'is used up'
  return `the grant ${nameOf(reason)} ${rest}${running}, and this request needs ${show(needed)}`
}

function showAmount(unit: GrantUnit, currency: string, amount: bigint): string {
  switch (unit) {
    case 'money':
      return `${formatNanos(amount)} ${currency}`
    case 'requests':
      return amount === 1n ? '1 call' : `${amount} calls`
    case 'tokens':
      return `${amount} tokens`
    case 'input-tokens':
      return `${amount} input tokens`
    case 'output-tokens':
      return `${amount} output tokens`
  }
}

function nameOf(reason: { readonly offering: OfferingEntry; readonly grant: GrantEntry }): string {
  return `"${reason.grant.name}" of ${reason.offering.account.name}`
}

function moment(atMs: number | undefined): string {
  return atMs === undefined ? 'no time' : new Date(atMs).toISOString()
}
