import type { ChatStreamState } from '@tollgate/adapters/contract'

/** How an answer of a chat is shown on the endpoint that was called. */
export interface AnswerShape {
  /** Chat events as the client shall see them. */
  events(events: Uint8Array | string): Uint8Array | string
  whole(body: Uint8Array | string): Uint8Array | string
  /** The last chunk of a stream whose client asked for usage. `usageJson` is the value of `usage`. */
  usageEvent(state: ChatStreamState, usageJson: string): string
}

/** `/v1/chat/completions`: as it is. */
export const chatShape: AnswerShape = {
  events: (events) => events,
  whole: (body) => body,
  usageEvent: (state, usageJson) => usageEvent(state, usageJson, 'chat.completion.chunk'),
}

export function usageEvent(state: ChatStreamState, usageJson: string, object: string): string {
  const head = state.chunkHead
  return (
    `data: {"id":${JSON.stringify(head?.id ?? '')},"object":"${object}","created":${head?.created ?? 0},` +
    `"model":${JSON.stringify(head?.model ?? '')},"choices":[],"usage":${usageJson}}\n\n`
  )
}
