import type { BeyondBound, Call, ProtocolAdapter, ProviderErrorKind, TokenUsage } from '../contract/index.ts'

/**
 * What a protocol's fixtures must come to. One table per adapter, in `src/<protocol>/conformance.ts`, read by
 * `src/conformance.test.ts`. All file names are relative to `fixtures/<folder>/`.
 */
export interface ConformanceTable {
  readonly adapter: ProtocolAdapter
  /** Folder below `fixtures/`. */
  readonly folder: string
  /**
   * What beyond its own wire samples and the simulator stands behind the protocol, for `docs/providers.md`: signatures
   * that were recomputed, the platform's own SDK that runs against the simulator.
   */
  readonly verifiedAgainst?: readonly string[]
  /** Credentials and such where the defaults of `callFor` do not do. */
  readonly call?: Partial<Call>
  readonly requests: readonly RequestCase[]
  /** What may be billed on top of the bound that is sent; absent: nothing ever, the bound covers thinking. */
  readonly beyondBound?: readonly BeyondBoundCase[]
  readonly answers: readonly AnswerCase[]
  readonly streams: readonly StreamCase[]
  readonly errors: readonly ErrorCase[]
  readonly embeddings?: readonly EmbeddingCase[]
  /** For adapters with a session: what the answers to its exchange come to. */
  readonly sessions?: readonly SessionCase[]
  /** A body that passes the probe, and one that a wrong key gets; absent: the common ones of OpenAI's dialect. */
  readonly probe?: ProbeCase
}

interface RequestCase {
  /** What is promised, as the test's name. */
  readonly keeps: string
  /** The client's body: an object (serialised without spaces) or its exact text. */
  readonly body: Readonly<Record<string, unknown>> | string
  readonly maxOutputTokens?: number
  readonly call?: Partial<Call>
  /** The exact text that is sent; the first frame where the protocol is a WebSocket's. */
  readonly sends?: string
  /** Path and query after the base URL, when it is of interest. */
  readonly path?: string
  /** The whole URL, where it does not begin with the base URL as it is. */
  readonly url?: string
  readonly headers?: Readonly<Record<string, string>>
  /** The request is refused before anything is sent; `param` names the field. */
  readonly refuses?: { readonly kind: ProviderErrorKind; readonly param?: string }
}

interface BeyondBoundCase {
  readonly model: string
  readonly options?: Readonly<Record<string, string>>
  /** Without model and messages. */
  readonly body: Readonly<Record<string, unknown>>
  readonly maxOutputTokens?: number
  readonly comesTo: BeyondBound
  /** What goes out that makes it so; absent: a budget for the thinking of that size. */
  readonly sends?: Readonly<Record<string, unknown>>
}

/** What a client must end up with. */
export interface Meaning {
  readonly text?: string
  readonly reasoning?: string
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: unknown }[]
  readonly finishReason?: string
  readonly usage?: TokenUsage
}

interface AnswerCase extends Meaning {
  /** A `.jsonl` file holds the frames of a WebSocket, one a line. */
  readonly file: string
  readonly contentType?: string
  /** The 200 is no answer: what it is instead. */
  readonly failsAs?: ProviderErrorKind
  /** The body reaches the client byte for byte. */
  readonly untouched?: boolean
  readonly request?: Readonly<Record<string, unknown>>
  readonly call?: Partial<Call>
}

export interface StreamCase extends Meaning {
  /** A `.jsonl` file holds the frames of a WebSocket, one a line; frames are never cut. */
  readonly file: string
  /** The stream ends in this error; `text` is what the client has got before it. */
  readonly failsAs?: ProviderErrorKind
  readonly request?: Readonly<Record<string, unknown>>
  readonly call?: Partial<Call>
}

export interface ErrorCase {
  readonly file: string
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly kind: ProviderErrorKind
  readonly code?: string
  readonly retryAfterMs?: number
  readonly mayMeanFreeQuota?: true
  readonly call?: Partial<Call>
}

interface SessionCase {
  readonly file: string
  readonly status?: number
  readonly values?: Readonly<Record<string, string>>
  readonly expiresAtMs?: number
  readonly failsAs?: ProviderErrorKind
  readonly call?: Partial<Call>
}

export interface ProbeCase {
  readonly good: string
  readonly bad: { readonly status: number; readonly body: string }
}

interface EmbeddingCase {
  readonly file: string
  readonly request: Readonly<Record<string, unknown>>
  /** The exact text that is sent. */
  readonly sends: string
  readonly path?: string
  /** Absent: the platform tells none. */
  readonly usage?: TokenUsage
  readonly vectors: number
  readonly call?: Partial<Call>
}

/** 2026-01-01 00:00:00 UTC, the time of all fixtures. */
const fixtureTimeMs = 1_767_225_600_000

export const requestId = '019b76da-a800-7000-8000-000000000001'

export function callFor(table: ConformanceTable, over: Partial<Call> = {}): Call {
  return {
    credentials: Object.fromEntries(
      namesOf(table.adapter).map((name) => [name, `secret-${name}-0123456789abcdef`]),
    ),
    baseUrl: table.adapter.defaultBaseUrl ?? 'https://upstream.test/v1',
    options: {},
    upstreamModel: 'upstream-model',
    requestId,
    nowMs: fixtureTimeMs,
    ...table.call,
    ...over,
  }
}

/** Every credential, or the first way to prove oneself where there are several. */
function namesOf(adapter: ProtocolAdapter): readonly string[] {
  return adapter.credentialSets?.[0] ?? adapter.credentials.map(({ name }) => name)
}
