import { ChevronDown } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

const control =
  'h-9 w-full min-w-0 rounded-md border border-input bg-card px-3 text-sm transition-colors disabled:opacity-50 aria-invalid:border-danger focus-visible:outline-offset-0'

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return <input className={cn(control, className)} spellCheck={false} {...props} />
}

/** The platform's own list: right on phones, right for the keyboard, and no style injected. */
export function Select({ className, children, ...props }: ComponentProps<'select'>) {
  return (
    <span className={cn('relative inline-flex w-full min-w-0', className)}>
      <select className={cn(control, 'appearance-none truncate pr-8')} {...props}>
        {children}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-muted-foreground"
      />
    </span>
  )
}
