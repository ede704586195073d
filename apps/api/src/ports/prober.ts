import type { Exchange, ResponseHead } from '@tollgate/adapters/contract'

export type ProbeFailure = 'refused' | 'dns' | 'tls' | 'timeout' | 'address-not-allowed'

export type ProbeOutcome =
  | { readonly head: ResponseHead; readonly body: Uint8Array }
  | { readonly failure: ProbeFailure; readonly message: string }

/** Carries out one small exchange with a provider, through the same guarded dialler that serves requests. */
export interface Prober {
  /**
   * `origin`: who named the address. Private addresses are for the operator's file, or where the operator allows
   * them for everybody. Never throws; the answer's body is bounded.
   */
  probe(exchange: Exchange, origin: 'api' | 'yaml', timeoutMs: number): Promise<ProbeOutcome>
}
