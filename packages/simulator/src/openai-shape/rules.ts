/**
 * What one model of one platform accepts in an OpenAI-shaped chat request. Rules are data, so that a platform's file
 * reads like its sheet; anything else a platform checks is code in its own file.
 */
export interface ChatRules {
  /** Parameters that must not be sent, with or without a value. */
  readonly refused: readonly string[]
  /** If given, any other parameter is refused as well. */
  readonly known?: readonly string[]
  readonly ranges: Readonly<Record<string, NumberRange>>
  /** Parameters with a closed list of values. */
  readonly choices: Readonly<Record<string, readonly unknown[]>>
  readonly messages: MessageRules
  readonly tools: ToolRules
  readonly responseFormats: readonly string[]
  readonly stop: StopRules
  readonly streamOptions: readonly string[]
}

export interface NumberRange {
  readonly min: number
  readonly max: number
  /** The bounds themselves are refused. */
  readonly above?: true
  readonly below?: true
  readonly integer?: true
}

export interface MessageRules {
  readonly roles: readonly string[]
  /** System messages: anywhere, only as the first message, or refused by the list of roles. */
  readonly system: 'anywhere' | 'first'
  /** User (or tool) and assistant take turns, beginning with the user. */
  readonly alternate: boolean
  /** The last message must be the user's or a tool's. */
  readonly endsWithUser: boolean
  readonly most?: number
  readonly emptyContent: boolean
  /** Content may be a list of parts; elsewhere it must be a string. */
  readonly parts: boolean
  readonly images: boolean
  /** Fields a message must not carry. */
  readonly refusedFields: readonly string[]
}

export interface ToolRules {
  /** Function tools may be offered at all. */
  readonly functions: boolean
  /** Types beside `function`, such as `web_search`. */
  readonly otherTypes: readonly string[]
  readonly namePattern: RegExp
  /** Accepted words of `tool_choice`. */
  readonly choices: readonly string[]
  /** `tool_choice` may name a function. */
  readonly named: boolean
}

export interface StopRules {
  readonly most: number
  readonly lengthMax?: number
  /** A bare string is accepted beside a list. */
  readonly bare: boolean
}

/** The parameters of OpenAI's chat completions; a platform refuses those its sheet does not list. */
const openaiParameters: readonly string[] = [
  'model',
  'messages',
  'store',
  'reasoning_effort',
  'metadata',
  'frequency_penalty',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'max_tokens',
  'max_completion_tokens',
  'n',
  'modalities',
  'prediction',
  'audio',
  'presence_penalty',
  'response_format',
  'seed',
  'service_tier',
  'stop',
  'stream',
  'stream_options',
  'temperature',
  'top_p',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'user',
  'function_call',
  'functions',
  'web_search_options',
  'verbosity',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
]

/** OpenAI's parameters without the listed ones: what a platform refuses when it documents only those. */
export function openaiParametersBut(documented: readonly string[]): string[] {
  return openaiParameters.filter((name) => !documented.includes(name))
}

/** What OpenAI itself accepts; platforms start from here. */
export const openaiRules: ChatRules = {
  refused: ['functions', 'function_call'],
  ranges: {
    temperature: { min: 0, max: 2 },
    top_p: { min: 0, max: 1 },
    presence_penalty: { min: -2, max: 2 },
    frequency_penalty: { min: -2, max: 2 },
    top_logprobs: { min: 0, max: 20, integer: true },
    seed: { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, integer: true },
    n: { min: 1, max: 1, integer: true },
  },
  choices: {
    logprobs: [true, false],
    parallel_tool_calls: [true, false],
    reasoning_effort: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'],
  },
  messages: {
    roles: ['system', 'developer', 'user', 'assistant', 'tool'],
    system: 'anywhere',
    alternate: false,
    endsWithUser: false,
    emptyContent: true,
    parts: true,
    images: true,
    refusedFields: [],
  },
  tools: {
    functions: true,
    otherTypes: [],
    namePattern: /^[a-zA-Z0-9_-]{1,64}$/,
    choices: ['auto', 'none', 'required'],
    named: true,
  },
  responseFormats: ['text', 'json_object', 'json_schema'],
  stop: { most: 4, bare: true },
  streamOptions: ['include_usage'],
}
