/** What a test asks of the answer, written into the last user message as `[[sim tokens=50 gap=5]]`. */
export interface Directives {
  /** Tokens of answer text. */
  readonly tokens?: number
  readonly reasoning?: number
  /** Number of tool calls; 0 asks for text although tools are offered. */
  readonly tools?: number
  /** Prompt tokens reported as cached; never more than the prompt has. */
  readonly cached?: number
  /** Milliseconds between chunks. */
  readonly gap?: number
  /** Tokens in one chunk. */
  readonly chunk?: number
}

type Name = keyof Directives

const names: readonly Name[] = ['tokens', 'reasoning', 'tools', 'cached', 'gap', 'chunk']
const pattern = /\[\[sim ([^\]]*)\]\]/g

/** Reads every directive of a text; a later one wins. Words that are no directive are ignored. */
export function readDirectives(text: string): Directives {
  if (!text.includes('[[sim ')) return {}
  const found: { -readonly [Key in Name]?: number } = {}
  for (const match of text.matchAll(pattern)) {
    for (const word of (match[1] ?? '').split(/\s+/)) {
      const [key, value] = word.split('=')
      const name = names.find((known) => known === key)
      if (name !== undefined && value !== undefined && /^\d{1,7}$/.test(value)) found[name] = Number(value)
    }
  }
  return found
}

/** The name that `[[sim tag=...]]` gives a request, wherever in its body it stands. */
export function readTag(body: string): string | undefined {
  return body.includes('[[sim ') ? /\[\[sim (?:[^\]]* )?tag=([\w.-]{1,64})/.exec(body)?.[1] : undefined
}

/** The text without its directives, for echoing. */
export function stripDirectives(text: string): string {
  return text.includes('[[sim ') ? text.replaceAll(pattern, '') : text
}
