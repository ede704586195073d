import type { HeaderMap } from '@tollgate/adapters/contract'

/** How an error comes from a platform. */
export type Arrival =
  /** A chat call, whole or a stream, or the handshake of a WebSocket is answered with each of these statuses. */
  | { readonly as: 'status'; readonly statuses: readonly number[]; readonly headers: HeaderMap }
  /** JSON with status 200: in answer to a call for a whole answer, and, if `toStreams`, to one for a stream. */
  | { readonly as: 'body of a 200'; readonly toStreams: boolean }
  /** Server-sent events with status 200, after this much text. */
  | { readonly as: 'events'; readonly afterText: string }
  /** Frames of a WebSocket, after this much text. Those that come before any are all there is of a whole answer, too. */
  | { readonly as: 'frames'; readonly afterText: string }
  /** All frames, of which a whole answer should have been made. */
  | { readonly as: 'frames of a whole answer' }
  | { readonly as: 'answer of the session'; readonly statuses: readonly number[] }
  | { readonly as: 'answer to embeddings'; readonly statuses: readonly number[] }

export function http(...statuses: number[]): Arrival {
  return { as: 'status', statuses, headers: {} }
}

export function httpWith(status: number, headers: HeaderMap): Arrival {
  return { as: 'status', statuses: [status], headers }
}

/** The platform says nothing of the status that comes with a code: whichever it is must not matter. */
export const anyStatus: Arrival = http(400, 401, 403, 404, 429, 500, 503)

export const in200: Arrival = { as: 'body of a 200', toStreams: true }
/** What is an answer where one was asked for. */
export const whole200: Arrival = { as: 'body of a 200', toStreams: false }

export const firstEvent: Arrival = { as: 'events', afterText: '' }
export function eventAfter(afterText: string): Arrival {
  return { as: 'events', afterText }
}

export const firstFrame: Arrival = { as: 'frames', afterText: '' }
export function frameAfter(afterText: string): Arrival {
  return { as: 'frames', afterText }
}

export const wholeFrames: Arrival = { as: 'frames of a whole answer' }

export function session(...statuses: number[]): Arrival {
  return { as: 'answer of the session', statuses }
}

export function embeddings(...statuses: number[]): Arrival {
  return { as: 'answer to embeddings', statuses }
}
