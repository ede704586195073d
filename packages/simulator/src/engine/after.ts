import type { ServerResponse } from 'node:http'

/** Runs `go` now or after a delay, unless the client leaves before. */
export function after(
  delayMs: number | undefined,
  response: ServerResponse,
  go: () => void,
  cancel?: () => void,
): void {
  if (delayMs === undefined) {
    go()
    return
  }
  const timer = setTimeout(() => {
    response.off('close', closed)
    go()
  }, delayMs)
  const closed = () => {
    clearTimeout(timer)
    cancel?.()
  }
  response.once('close', closed)
}
