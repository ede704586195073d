import { isRecord } from '../is-record.ts'
/** A field of a request that could make it cost money although a grant bears its worst case. */
export interface UncoveredField {
  /** Where it stands, e.g. `tools[0]`. */
  readonly field: string
  /** The provider is asked to choose the model itself, or for something with a price of its own. */
  readonly asks: 'another-model' | 'extra'
}

/**
 * Finds what a free-only route must not pass on: what lets the provider answer with another model than the grant names,
 * and what is billed apart from the tokens of the model. Whichever platform a request goes to, all of their fields are
 * looked at: none means something harmless elsewhere, and a field that is off costs nothing.
 */
export function findUncoveredField(body: Readonly<Record<string, unknown>>): UncoveredField | undefined {
  for (const field of modelFields) if (isOn(body[field])) return { field, asks: 'another-model' }
  for (const field of extraFields) if (isOn(body[field])) return { field, asks: 'extra' }
  const tier = body['service_tier']
  if (typeof tier === 'string' && !plainTiers.has(tier)) return { field: 'service_tier', asks: 'extra' }
  if (Array.isArray(body['modalities']) && body['modalities'].some((kind: unknown) => kind !== 'text'))
    return { field: 'modalities', asks: 'extra' }
  return (
    findTool(body['tools']) ??
    findCacheMark(body['messages'], 'messages') ??
    findCacheMark(body['tools'], 'tools')
  )
}

/** Routers among the OpenAI-compatible upstreams: a list to fall back on, and whom to ask for it. */
const modelFields = ['models', 'fallbacks', 'fallback', 'fallback_models', 'route', 'provider'] as const

/** Provider sheets: search and other plugins, stored caches, knowledge bases. */
const extraFields = [
  // Tongyi; its free quota is for real-time calls, not for an explicit cache (sheet, section 10).
  'enable_search',
  'search_options',
  // Qianfan: adds tool tokens to the total.
  'web_search',
  // Hunyuan, by its own names and in the spelling of its OpenAI endpoint.
  'enable_enhancement',
  'force_search_enhancement',
  'enable_deep_search',
  'enable_speed_search',
  'enable_multimedia',
  'search_info',
  // Baichuan.
  'with_search_enhance',
  'knowledge_base',
  // Ark: the context cache is billed by the hour; Spark, OpenAI and routers.
  'caching',
  'context_id',
  'plugins',
  'web_search_options',
  // OpenAI bills the tokens of a prediction that were not used as output beyond the bound.
  'prediction',
  'audio',
] as const

/** Everything else buys a place in the queue. */
const plainTiers: ReadonlySet<string> = new Set(['auto', 'default', 'standard', 'flex'])

/** `false`, `null`, an empty list and `{ "enable": false }` switch off what they name. */
function isOn(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return false
  if (Array.isArray(value)) return value.length > 0
  if (!isRecord(value)) return true
  if (value['enable'] === false || value['enabled'] === false || value['type'] === 'disabled') return false
  return Object.keys(value).length > 0
}

/** Functions are the caller's own; search, code and retrieval are the platform's, and cost. */
function findTool(tools: unknown): UncoveredField | undefined {
  if (!Array.isArray(tools)) return undefined
  const index = tools.findIndex((tool: unknown) => {
    if (!isRecord(tool)) return false
    const { type } = tool
    return typeof type === 'string' && type !== 'function' && type !== 'custom' && isOn(tool[type] ?? true)
  })
  return index < 0 ? undefined : { field: `tools[${index}]`, asks: 'extra' }
}

/** `cache_control` on a message, a part of one or a tool writes an explicit cache, which costs more than input. */
function findCacheMark(list: unknown, name: string): UncoveredField | undefined {
  if (!Array.isArray(list)) return undefined
  for (const [index, item] of list.entries()) {
    if (!isRecord(item)) continue
    const field = `${name}[${index}]`
    if (isOn(item['cache_control'])) return { field: `${field}.cache_control`, asks: 'extra' }
    const found = findCacheMark(item['content'], `${field}.content`)
    if (found !== undefined) return found
  }
  return undefined
}
