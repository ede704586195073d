import { CopyButton } from './copy-button.tsx'
import { cn } from './cn.ts'

export function CodeBlock({ code, className }: { code: string; className?: string }) {
  return (
    <div className={cn('relative rounded-md border bg-muted/60', className)}>
      <pre
        tabIndex={0}
        className="overflow-x-auto p-3 pr-12 font-mono text-[12.5px] leading-relaxed whitespace-pre"
      >
        <code>{code}</code>
      </pre>
      <CopyButton text={code} className="absolute top-1.5 right-1.5 bg-card/80" />
    </div>
  )
}
