import { CircleAlert, CircleCheck } from 'lucide-react'
import { useSyncExternalStore } from 'react'

interface Toast {
  readonly id: number
  readonly tone: 'good' | 'danger'
  readonly text: string
}

let toasts: readonly Toast[] = []
let nextId = 1
const listeners = new Set<() => void>()

/** Says for a moment that something worked, or did not. */
export function showToast(text: string, tone: Toast['tone'] = 'good'): void {
  const toast = { id: nextId++, tone, text }
  publish([...toasts.slice(-2), toast])
  setTimeout(() => publish(toasts.filter((other) => other.id !== toast.id)), tone === 'good' ? 3_500 : 7_000)
}

export function Toaster() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <div
      aria-live="polite"
      className="pointer-events-none fixed inset-x-3 bottom-3 z-60 grid justify-items-center gap-2 sm:justify-items-end"
    >
      {shown.map((toast) => (
        <div
          key={toast.id}
          className="pointer-events-auto flex max-w-sm animate-in items-start gap-2 rounded-md border bg-popover px-3 py-2.5 text-[13px] shadow-lg"
        >
          {toast.tone === 'good' ? (
            <CircleCheck className="mt-0.5 size-4 shrink-0 text-free" aria-hidden />
          ) : (
            <CircleAlert className="mt-0.5 size-4 shrink-0 text-danger" aria-hidden />
          )}
          <span className="min-w-0 break-words">{toast.text}</span>
        </div>
      ))}
    </div>
  )
}

function publish(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
