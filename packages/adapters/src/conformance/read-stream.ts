import type { Call, ChatStreamState, ProtocolAdapter } from '../contract/index.ts'

export interface StreamReading {
  /** Everything the sink got, as one text. */
  readonly events: string
  readonly state: ChatStreamState
}

/** Feeds a body to the adapter's stream reader in the given parts. */
export function readStream(
  adapter: ProtocolAdapter,
  call: Call,
  body: Readonly<Record<string, unknown>>,
  parts: readonly Uint8Array[],
): StreamReading {
  let events = ''
  const reader = adapter.chat.stream(
    { status: 200, headers: { 'content-type': 'text/event-stream' } },
    (piece) => {
      events += typeof piece === 'string' ? piece : new TextDecoder('utf-8', { fatal: true }).decode(piece)
    },
    { body, raw: Buffer.from(JSON.stringify(body)), stream: true, maxOutputTokens: undefined },
    call,
  )
  for (const part of parts) {
    // The transport may reuse its buffer after the call: nothing of it may be kept.
    const lent = Uint8Array.from(part)
    reader.push(lent)
    lent.fill(0x23)
  }
  reader.end()
  return { events, state: reader.state }
}

/** The state as plain data, for comparison. */
export function plainState(state: ChatStreamState): unknown {
  return {
    usage: state.usage,
    usageJson: state.usageJson,
    finishReason: state.finishReason,
    complete: state.complete,
    error: state.error && {
      kind: state.error.kind,
      message: state.error.message,
      code: state.error.upstreamCode,
    },
    hasOutput: state.hasOutput,
    outputBytes: state.outputBytes,
    upstreamId: state.upstreamId,
    chunkHead: state.chunkHead,
  }
}
