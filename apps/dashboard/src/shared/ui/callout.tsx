import { cva, type VariantProps } from 'class-variance-authority'
import type { LucideIcon } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn.ts'

const calloutVariants = cva('flex items-start gap-2.5 rounded-md border px-3 py-2.5 text-[13px]', {
  variants: {
    tone: {
      neutral: 'bg-muted/60 [&>svg]:text-muted-foreground',
      good: 'border-free/35 bg-free/8 [&>svg]:text-free',
      warning: 'border-warning/40 bg-warning/10 [&>svg]:text-warning',
      danger: 'border-danger/35 bg-danger/7 [&>svg]:text-danger',
    },
  },
  defaultVariants: { tone: 'neutral' },
})

export function Callout({
  tone,
  icon: Icon,
  title,
  children,
  actions,
  className,
  ...props
}: Omit<ComponentProps<'div'>, 'title'> &
  VariantProps<typeof calloutVariants> & { icon: LucideIcon; title?: ReactNode; actions?: ReactNode }) {
  return (
    <div className={cn(calloutVariants({ tone }), className)} {...props}>
      <Icon className="mt-0.5 size-4 shrink-0" aria-hidden />
      <div className="min-w-0 flex-1">
        {title !== undefined && <p className="font-medium">{title}</p>}
        <div className={cn('break-words', title !== undefined && 'text-muted-foreground')}>{children}</div>
      </div>
      {actions}
    </div>
  )
}
