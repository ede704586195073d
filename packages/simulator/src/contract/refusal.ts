/**
 * Why a provider says no. Each platform turns a kind into its own status, code and wording (`Platform.refuse`);
 * the engine only knows the kind.
 *
 * - `bad-key`, `missing-key`: the credential is not one of this platform's
 * - `malformed-json`: the body is not a JSON object
 * - `unknown-model`: no such model here
 * - `invalid-parameter`: a field that is unknown here, out of range, or of the wrong form
 * - `invalid-messages`: the conversation breaks a rule (roles, order, number, empty content)
 * - `too-long`: more prompt tokens than the model's context
 * - `rate-limit`, `free-quota`, `balance`, `overloaded`, `internal`, `content-filter`: states of the platform,
 *   reached through grants or faults
 */
export type RefusalKind =
  | 'bad-key'
  | 'missing-key'
  | 'malformed-json'
  | 'unknown-model'
  | 'invalid-parameter'
  | 'invalid-messages'
  | 'too-long'
  | StateKind

/** The refusals that no request causes by itself: a fault or an empty grant does. */
export type StateKind =
  'rate-limit' | 'free-quota' | 'balance' | 'bad-key' | 'overloaded' | 'internal' | 'content-filter'

export const stateKinds: readonly StateKind[] = [
  'rate-limit',
  'free-quota',
  'balance',
  'bad-key',
  'overloaded',
  'internal',
  'content-filter',
]

export interface Refusal {
  readonly refused: RefusalKind
  /** Plain words on what was wrong; platforms with a fixed wording ignore it. */
  readonly message?: string
  /** The field at fault, such as `temperature` or `messages.0.role`. */
  readonly param?: string
  /** The model the request named, for wordings that repeat it. */
  readonly model?: string
  /** Prompt tokens found and allowed, for `too-long`. */
  readonly found?: number
  readonly allowed?: number
  /** For the few refusals whose body differs from every other of its kind; the platform that made it knows it. */
  readonly variant?: string
}

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value
}
