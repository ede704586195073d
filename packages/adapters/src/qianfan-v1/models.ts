/**
 * Where a model's chat answers, below `/chat/`: in V1 the model is part of the path, under a name that is often not its
 * own (provider sheet, section 2.1; model list of the official SDK, `python/qianfan/resources/llm/chat_completion.py`).
 * A name that is not in the list is its own path in small letters, which is how newer models and services of one's own
 * are named.
 */
export function chatSuffix(upstreamModel: string): string {
  const name = upstreamModel.toLowerCase()
  return chatSuffixes.get(name) ?? name
}

/** The same below `/embeddings/`. */
export function embeddingSuffix(upstreamModel: string): string {
  const name = upstreamModel.toLowerCase()
  return embeddingSuffixes.get(name) ?? name
}

/**
 * Whether the model searches the web unless told not to. The vendor's pages and SDK list `disable_search` for ERNIE 3.5,
 * 4.0 and what came after them; Speed, Lite, Tiny and the open models know no search.
 */
export function searchesByDefault(upstreamModel: string): boolean {
  return /^(completions|ernie_bot_8k|ernie-\d)/.test(chatSuffix(upstreamModel))
}

/** Whether the output can be bounded: the first Lite and the open models of 2023 are not said to know a bound. */
export function takesBound(upstreamModel: string): boolean {
  return !unbounded.has(chatSuffix(upstreamModel))
}

/**
 * Whether a model of the catalogue answers in V1: what the official SDK lists for it (the models before ERNIE 4.5, and the
 * embeddings). Newer ones are on V2 alone; that none of them came to V1 is not verified.
 */
export function isServed(model: string): boolean {
  return /^(ernie-(3\.5|4\.0|speed|lite|tiny|char|novel)-|embedding-v1$|bge-large-|tao-8k$)/.test(model)
}

const chatSuffixes: ReadonlyMap<string, string> = new Map([
  ['ernie-4.0', 'completions_pro'],
  ['ernie-4.0-8k', 'completions_pro'],
  ['ernie-bot-4', 'completions_pro'],
  ['ernie-3.5-8k', 'completions'],
  ['ernie-bot', 'completions'],
  ['ernie-bot-8k', 'ernie_bot_8k'],
  ['ernie-speed', 'ernie_speed'],
  ['ernie-speed-8k', 'ernie_speed'],
  ['ernie-lite-8k-0308', 'ernie-lite-8k'],
  ['ernie-lite-8k-0922', 'eb-instant'],
  ['ernie-bot-turbo', 'eb-instant'],
  ['ernie-character-8k', 'ernie-char-8k'],
  ['ernie-functions-8k', 'ernie-func-8k'],
  ['bloomz-7b', 'bloomz_7b1'],
])

const embeddingSuffixes: ReadonlyMap<string, string> = new Map([
  ['bge-large-zh', 'bge_large_zh'],
  ['bge-large-en', 'bge_large_en'],
  ['tao-8k', 'tao_8k'],
])

const unbounded: ReadonlySet<string> = new Set(['eb-instant', 'bloomz_7b1'])
