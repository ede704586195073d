import type { ProviderError } from './errors.ts'
import type { Call, Exchange, HttpExchange, ResponseHead } from './exchange.ts'
import type { ChatStreamReader, ChatStreamSink, ChatStreamState } from './stream.ts'
import type { TokenUsage } from './usage.ts'

/** A platform, as in the design: what the dashboard groups by. */
export type Provider =
  | 'qianfan'
  | 'hunyuan'
  | 'tongyi'
  | 'spark'
  | 'ark'
  | 'baichuan'
  | 'modelscope'
  | 'deepseek'
  | 'openai-compatible'

/** One way to speak to a platform. Native ones join as they are built. */
export type Protocol =
  | 'qianfan-v2'
  | 'qianfan-v1'
  | 'tokenhub'
  | 'hunyuan-openai'
  | 'hunyuan-native'
  | 'tongyi-compatible'
  | 'tongyi-native'
  | 'spark-http'
  | 'spark-websocket'
  | 'ark'
  | 'baichuan'
  | 'modelscope'
  | 'deepseek'
  | 'openai'

/** One field of an account's credentials, for the form, for `tollgate.yaml` and for checks at start. */
export interface CredentialField {
  /** Key in `Call.credentials` and in `credentials:` of the YAML, camelCase, e.g. `apiKey`. */
  readonly name: string
  /** Needed whatever else is given. Fields of `ProtocolAdapter.credentialSets` are not: their set decides. */
  readonly required: boolean
  /** What the platform's console calls it, so that a person finds it there. */
  readonly label: string
  /** An example of its look, shown as a placeholder; never used to refuse a value (formats change). */
  readonly example?: string
}

/** A setting of an account that is not secret, e.g. an `appid` header or a switch for a quirky server. */
export interface OptionField {
  readonly name: string
  readonly label: string
  /** Allowed values; absent: any text. */
  readonly values?: readonly string[]
  /** `url`: an absolute http or https address. Checked before it is stored: an adapter need not doubt it. */
  readonly format?: 'url'
}

/**
 * A request as the client sent it. `body` is the parsed JSON and is never changed; `raw` are its exact bytes,
 * so that an adapter can splice the few fields it must change and leave the other 100 KB as they are.
 */
export interface ModelRequest {
  readonly body: Readonly<Record<string, unknown>>
  readonly raw: Uint8Array
}

export interface ChatRequest extends ModelRequest {
  readonly stream: boolean
  /**
   * Upper bound of generated tokens that the books have reserved. The adapter sends it by the name the platform
   * knows (`max_tokens`, `max_completion_tokens`, `max_output_tokens`) whenever it is set, in place of the
   * client's own. It must bound reasoning and answer together where the platform can do that. Never set where
   * `beyondBound` says `model-cap`.
   * `undefined`: the client set none and the reservation rests on the model's own cap: send none.
   */
  readonly maxOutputTokens: number | undefined
}

/** A whole answer: `body` is what the client gets, in OpenAI's shape (the provider's own bytes where they already are). */
export interface ChatAnswer {
  readonly ok: true
  readonly body: Uint8Array | string
  readonly usage: TokenUsage | undefined
  readonly finishReason: string | undefined
  readonly upstreamId: string | undefined
  /** As the answer itself says it; it may be a dated name of the model that was asked for, or another one. */
  readonly model: string | undefined
  /** UTF-8 bytes of text, reasoning and tool arguments: the basis of an estimate where no usage came. */
  readonly outputBytes: number
}

export interface EmbeddingAnswer {
  readonly ok: true
  readonly body: Uint8Array | string
  readonly usage: TokenUsage | undefined
  readonly upstreamId: string | undefined
}

export interface Refusal {
  readonly ok: false
  readonly error: ProviderError
  /** Where the whole answer came as a stream: what was told before the error, which the provider may bill. */
  readonly state?: ChatStreamState
}

/** What decides how much a request may be billed for: its fields, and the bound that goes out with it, if any. */
export type BoundedRequest = Pick<ChatRequest, 'body' | 'maxOutputTokens'>

/** See `ChatOperation.beyondBound`. */
export type BeyondBound = number | 'unbounded' | 'model-cap'

/** Chat on one protocol. All functions are pure and synchronous. */
export interface ChatOperation {
  /** What to send. Returns a `Refusal` for a request the platform can never serve (so that nothing is spent on it). */
  request(request: ChatRequest, call: Call): Exchange | Refusal
  /** Reads a whole answer to a request with `stream: false`. Also decides 200s that carry an error. */
  answer(head: ResponseHead, body: Uint8Array, request: ChatRequest, call: Call): ChatAnswer | Refusal
  /** Starts reading a streamed answer; called when the head of a 2xx answer is there and announces a stream. */
  stream(head: ResponseHead, sink: ChatStreamSink, request: ChatRequest, call: Call): ChatStreamReader
  /** Reads a non-2xx answer, or a 2xx whose content type is not the one of a stream when one was asked for. */
  refusal(head: ResponseHead, body: Uint8Array, call: Call): ProviderError
  /**
   * Output tokens that the platform may bill for one answer on top of `maxOutputTokens` (where that is absent: on top of
   * the model's own cap), because it does not count the thinking before the answer into it. What `request` sends on its
   * own account, such as a budget for the thinking, counts. `unbounded`: nothing in the request bounds the thinking.
   *
   * `model-cap`: the platform has no field for a bound, so that none goes out, whatever `maxOutputTokens` says: nothing but
   * the model's own cap ends the answer, thinking included.
   *
   * A hold must cover it. Absent: every bound covers thinking and answer together.
   */
  beyondBound?(request: BoundedRequest, call: Pick<Call, 'upstreamModel' | 'options'>): BeyondBound
}

export interface EmbeddingOperation {
  /**
   * The most inputs the platform takes in one exchange; absent: as many as come. The service cuts a longer list into
   * exchanges, one after another, and joins the answers, so that `request` never sees more.
   */
  inputsMax?(call: Call): number | undefined
  request(request: ModelRequest, call: Call): HttpExchange | Refusal
  answer(head: ResponseHead, body: Uint8Array, request: ModelRequest, call: Call): EmbeddingAnswer | Refusal
  refusal(head: ResponseHead, body: Uint8Array, call: Call): ProviderError
}

/** Tells good credentials from bad ones at no cost, or at the smallest the platform allows. */
export interface ProbeOperation {
  /** Whether the probe uses a paid or granted token or request; the page says so beside the button. */
  readonly spends: boolean
  /** `undefined`: that a session could be opened is all the proof there is at no cost (see `SessionOperation`). */
  request(call: Call): Exchange | undefined
  /** `undefined`: the credentials work. */
  read(head: ResponseHead, body: Uint8Array, call: Call): ProviderError | undefined
}

/**
 * Exchange of long-lived credentials for a short-lived session (Qianfan V1's OAuth token, Ark's AK/SK). The service
 * runs it once for all requests that wait for the same session, keeps the values, opens a new one in good time before
 * `expiresAtMs`, and once more after an answer of kind `invalid_credentials`, which is then tried again.
 */
export interface SessionOperation {
  /**
   * Which session of the account a call needs: a name for what it is good for, e.g. the endpoint id where a key is
   * minted for one endpoint. `undefined`: these credentials need none.
   */
  scope(call: Call): string | undefined
  request(call: Call): HttpExchange
  read(
    head: ResponseHead,
    body: Uint8Array,
    call: Call,
  ):
    | { readonly ok: true; readonly values: Readonly<Record<string, string>>; readonly expiresAtMs: number }
    | Refusal
}

export interface ProtocolAdapter {
  readonly protocol: Protocol
  readonly provider: Provider
  /** Where the platform answers when the account names no base URL; absent where the user must say (own servers). */
  readonly defaultBaseUrl?: string
  readonly credentials: readonly CredentialField[]
  /**
   * Where there is more than one way to prove oneself: names of credentials, of which one whole list must be given and
   * nothing of the others (Ark: an API key, or an access key and its secret). Absent: `required` says it all.
   */
  readonly credentialSets?: readonly (readonly string[])[]
  readonly options: readonly OptionField[]
  /**
   * Which of the provider's models in the catalogue are to be had by this protocol at this place; absent: all of them. It
   * decides what an account offers that names no models; a model that is named is never refused for it.
   */
  serves?(model: string, place: Pick<Call, 'baseUrl' | 'options'>): boolean
  readonly chat: ChatOperation
  readonly embeddings?: EmbeddingOperation
  readonly probe: ProbeOperation
  readonly session?: SessionOperation
  /**
   * Client hang-up: `abort` closes the upstream call at once and the books hold what was seen; `drain` reads on,
   * bounded, to the provider's own usage frame (for platforms that bill the whole answer anyway). No sheet proves such a
   * platform so far: every adapter says `abort`, and the service aborts.
   */
  readonly hangUp: 'abort' | 'drain'
}
