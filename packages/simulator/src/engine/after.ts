import type { Outlet } from './outlet.ts'

/** Runs `go` now or after a delay, unless the client leaves before; then `cancel`. */
export function after(
  delayMs: number | undefined,
  outlet: Outlet,
  go: () => void,
  cancel?: () => void,
): void {
  if (delayMs === undefined) {
    go()
    return
  }
  const timer = setTimeout(() => {
    stay()
    go()
  }, delayMs)
  const stay = outlet.onClose(() => {
    clearTimeout(timer)
    cancel?.()
  })
}
