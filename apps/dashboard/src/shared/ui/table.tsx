import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

/** A table that scrolls sideways in its card when the screen is too narrow for it. */
export function Table({ className, ...props }: ComponentProps<'table'>) {
  return (
    <div className="relative w-full overflow-x-auto">
      <table className={cn('w-full border-collapse text-[13px]', className)} {...props} />
    </div>
  )
}

export function Th({ className, ...props }: ComponentProps<'th'>) {
  return (
    <th
      scope="col"
      className={cn(
        'h-9 border-b px-3 text-left text-xs font-medium whitespace-nowrap text-muted-foreground first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5',
        className,
      )}
      {...props}
    />
  )
}

export function Td({ className, ...props }: ComponentProps<'td'>) {
  return (
    <td
      className={cn(
        'border-b px-3 py-2.5 align-middle first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5',
        className,
      )}
      {...props}
    />
  )
}

/** Classes of a cell that holds a number. */
export const numeric = 'text-right tabular-nums whitespace-nowrap'

export function Tr({ className, ...props }: ComponentProps<'tr'>) {
  return <tr className={cn('[&:last-child>td]:border-b-0', className)} {...props} />
}
