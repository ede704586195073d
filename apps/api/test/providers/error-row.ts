import type { Protocol, Provider } from '@tollgate/adapters/contract'
import type { Arrival } from './arrivals.ts'
import type { Outcome } from './outcomes.ts'

/** What arrives: the name of a file in the platform's folder of fixtures, or a text made up from its documents. */
export type Sample = string | { readonly text: string }

export interface ErrorRow {
  readonly protocol: Protocol
  readonly sample: Sample
  readonly arrival: Arrival
  readonly comesTo: Outcome
}

export interface ErrorTable {
  /** Names the folder of fixtures, too. */
  readonly provider: Provider
  readonly rows: readonly ErrorRow[]
}

/** Makes the rows of one protocol. */
export function rowsOf(protocol: Protocol) {
  return (sample: Sample, arrival: Arrival, comesTo: Outcome): ErrorRow => ({
    protocol,
    sample,
    arrival,
    comesTo,
  })
}

export function json(body: unknown): Sample {
  return { text: JSON.stringify(body) }
}

export function text(body: string): Sample {
  return { text: body }
}
