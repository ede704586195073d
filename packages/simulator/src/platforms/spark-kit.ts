import type { SimulatedModel } from '../contract/platform.ts'
import { isObject } from '../json.ts'

/**
 * What Spark is on every protocol.
 *
 * Limits are from the model catalogue and the provider sheet, autumn 2026; those a source does not state are left out.
 */
export const sparkModels: readonly SimulatedModel[] = [
  { name: 'lite', kind: 'chat', contextTokens: 12_288, outputTokensMax: 4_096 },
  { name: 'generalv3', kind: 'chat', contextTokens: 16_384, outputTokensMax: 8_192 },
  { name: 'pro-128k', kind: 'chat', contextTokens: 131_072, outputTokensMax: 4_096 },
  { name: 'generalv3.5', kind: 'chat', contextTokens: 16_384, outputTokensMax: 8_192 },
  { name: 'max-32k', kind: 'chat', contextTokens: 65_536, outputTokensMax: 32_768 },
  { name: '4.0Ultra', kind: 'chat', contextTokens: 65_536, outputTokensMax: 32_768 },
  { name: 'spark-x', kind: 'chat', contextTokens: 131_072, outputTokensMax: 131_072 },
]

const capable = ['generalv3.5', 'max-32k', '4.0Ultra', 'spark-x']

/** System messages and functions are for Max, Ultra and the X line. */
export function isCapable(model: SimulatedModel): boolean {
  return capable.includes(model.name)
}

/** `max_tokens` of a request that does not say. */
export function outputTokensDefault(model: SimulatedModel): number {
  return Math.min(4096, model.outputTokensMax ?? 4096)
}

/** The only line that thinks, unless `thinking` switches it off. */
export function thinkingOf(asked: unknown, model: SimulatedModel): 'on' | 'off' | 'forbidden' {
  if (model.name !== 'spark-x') return 'off'
  return isObject(asked) && asked['type'] === 'disabled' ? 'forbidden' : 'on'
}

export function isThinking(asked: unknown): boolean {
  return isObject(asked) && ['enabled', 'disabled', 'auto'].includes(String(asked['type']))
}

interface WebSearch {
  /** Prompt tokens that the search adds; 0 without one. */
  readonly tokens: number
  /** What was found is told as well. */
  readonly showsSources: boolean
}

const searchTokens = 64
const searching = ['generalv3', 'generalv3.5', '4.0Ultra']

/** The web search that Pro, Max and Ultra make unless a tool of the request switches it off. */
export function searchOf(tools: unknown, model: SimulatedModel): WebSearch {
  const offered: unknown[] = Array.isArray(tools) ? tools : []
  const search = offered.filter(isObject).find((tool) => tool['type'] === 'web_search')?.['web_search']
  const on = isObject(search) ? search['enable'] === true : searching.includes(model.name)
  return {
    tokens: on ? searchTokens : 0,
    showsSources: on && isObject(search) && search['show_ref_label'] === true,
  }
}

/** Spark's session ids; `kind` tells the service: `cha` HTTP chat, `cht` WebSocket chat, `emb` embeddings. */
export function sidOf(kind: 'cha' | 'cht' | 'emb', request: { readonly id: string }): string {
  const hex = request.id.replaceAll('-', '')
  return `${kind}${hex.slice(-12)}@dx${hex.slice(0, 16)}`
}
