import type {
  BoundedRequest,
  Call,
  ChatOperation,
  ChatRequest,
  HeaderMap,
  Refusal,
} from '../contract/index.ts'
import { readOpenAiAnswer } from './answer.ts'
import { openAiChatRequest, type MaxTokensName } from './chat-request.ts'
import type { RewriteRules } from './rewrite-messages.ts'
import { passthroughStream, type PassthroughRules } from './passthrough-stream.ts'
import { readOpenAiError } from './read-error.ts'
import type { BodyEdits } from './splice.ts'

/** Everything in which a platform that speaks OpenAI's chat differs from OpenAI. */
export interface OpenAiChatRules extends PassthroughRules {
  /** After the base URL. Default `/chat/completions`. */
  readonly path?: string | ((call: Call) => string)
  /** Default `jsonHeaders`: the key `apiKey` as a bearer token. */
  readonly headers?: (call: Call, streams: boolean) => HeaderMap
  /** The name of the output bound. It must bound reasoning and answer together where the platform can do that. */
  readonly maxTokens: (request: ChatRequest, call: Call) => MaxTokensName
  /** Top-level fields that the platform refuses or gets wrong. Everything else is forwarded. */
  readonly drop?: readonly string[]
  /** Whether `stream_options.include_usage` is asked for. Default: yes. */
  readonly asksForUsage?: (call: Call) => boolean
  /** Default: `system`. */
  readonly developerRole?: (call: Call) => RewriteRules['developerRole']
  readonly messages?: (call: Call) => Omit<RewriteRules, 'developerRole'>
  /** Further edits of this request, or why the platform can never serve it. */
  readonly edit?: (request: ChatRequest, call: Call) => BodyEdits | Refusal | undefined
  /** Whether an unstreamed request must be sent as a stream and folded into one answer. */
  readonly folds?: (request: ChatRequest, call: Call) => boolean
  /** See `ChatOperation.beyondBound`. Default: the bound covers everything. */
  readonly beyondBound?: (
    request: BoundedRequest,
    call: Pick<Call, 'upstreamModel' | 'options'>,
  ) => number | 'unbounded'
}

/** Chat in OpenAI's dialect, with a platform's rules. */
export function openAiChat(rules: OpenAiChatRules): ChatOperation {
  return {
    request: (request, call) => openAiChatRequest(request, call, rules),
    answer: (head, body, _request, call) => readOpenAiAnswer(head, body, call, rules),
    stream: (head, sink, _request, call) => passthroughStream(head, sink, call, rules),
    refusal: (head, body, call) => readOpenAiError(head, body, call, rules.errors),
    ...(rules.beyondBound === undefined ? {} : { beyondBound: rules.beyondBound }),
  }
}
