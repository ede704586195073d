import type { ReactNode } from 'react'
import { CopyButton } from '../../../shared/ui/copy-button.tsx'

/** A titled group of facts about a request. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-1.5 text-xs font-medium text-muted-foreground">{title}</h3>
      <div className="grid divide-y rounded-md border">{children}</div>
    </section>
  )
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4 px-3 py-1.5">
      <span className="shrink-0 text-muted-foreground">{label}</span>
      <span className="min-w-0 text-right break-words tabular-nums">{children}</span>
    </div>
  )
}

export function Identifier({ label, value }: { label: string; value: string }) {
  return (
    <div className="flex items-center justify-between gap-3 py-0.5 pr-1 pl-3">
      <span className="shrink-0 text-muted-foreground">{label}</span>
      <span className="flex min-w-0 items-center">
        <code className="truncate font-mono text-xs">{value}</code>
        <CopyButton text={value} />
      </span>
    </div>
  )
}
