import type { Incoming } from '../../contract/platform.ts'

/** Streams are asked for in a header; the body has no word for it. */
export function asksForStream(request: Incoming): boolean {
  return (
    request.headers['x-dashscope-sse'] === 'enable' ||
    request.headers.accept?.includes('text/event-stream') === true
  )
}
