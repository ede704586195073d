import type { ProviderErrorKind } from '../contract/index.ts'

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'function_call'

/**
 * OpenAI's reason for the many words platforms use; `null` while the answer goes on, which some say with `""` or
 * the text `"null"`. A word that nobody knows ends the answer too: `stop`.
 */
export function finishReasonOf(value: unknown): FinishReason | null {
  if (typeof value !== 'string') return null
  const known = reasons.get(value.toLowerCase())
  return known === undefined ? 'stop' : known
}

/** The kind of failure, for the words that say the platform broke off (DeepSeek, Zhipu, OpenRouter). */
export function failureOf(value: unknown): ProviderErrorKind | undefined {
  return typeof value === 'string' ? failures.get(value) : undefined
}

/** Maps, because a plain object knows `constructor` too. */
const reasons: ReadonlyMap<string, FinishReason | null> = new Map([
  ['', null],
  ['null', null],
  ['stop', 'stop'],
  ['normal', 'stop'],
  ['eos', 'stop'],
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['max_output_tokens', 'length'],
  ['repetition_truncation', 'length'],
  ['model_length', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_calls', 'tool_calls'],
  ['tool_use', 'tool_calls'],
  ['function_call', 'function_call'],
  ['content_filter', 'content_filter'],
  ['sensitive', 'content_filter'],
  ['safety', 'content_filter'],
])

const failures: ReadonlyMap<string, ProviderErrorKind> = new Map([
  ['insufficient_system_resource', 'overloaded'],
  ['aborted', 'upstream_error'],
  ['network_error', 'upstream_error'],
  ['error', 'upstream_error'],
])
