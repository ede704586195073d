import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn.ts'

export function Card({ className, ...props }: ComponentProps<'section'>) {
  return <section className={cn('min-w-0 rounded-lg border bg-card', className)} {...props} />
}

export function CardHeader(props: {
  title: ReactNode
  description?: ReactNode
  actions?: ReactNode
  className?: string
}) {
  return (
    <header
      className={cn(
        'flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3 sm:px-5',
        props.className,
      )}
    >
      <div className="min-w-0">
        <h2 className="text-sm font-semibold">{props.title}</h2>
        {props.description !== undefined && (
          <p className="text-[13px] text-muted-foreground">{props.description}</p>
        )}
      </div>
      {props.actions !== undefined && (
        <div className="flex flex-wrap items-center gap-2">{props.actions}</div>
      )}
    </header>
  )
}

/** Title of a page with its actions at the right. */
export function PageHeader(props: {
  /** Stands in the tab of the browser, and as the heading unless `title` says it with more than words. */
  name: string
  title?: ReactNode
  description?: ReactNode
  actions?: ReactNode
}) {
  return (
    <div className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <title>{`${props.name} · Tollgate`}</title>
      <div className="min-w-0">
        <h1 className="text-xl font-semibold tracking-tight">{props.title ?? props.name}</h1>
        {props.description !== undefined && (
          <p className="mt-0.5 text-[13px] text-muted-foreground">{props.description}</p>
        )}
      </div>
      {props.actions !== undefined && (
        <div className="flex flex-wrap items-center gap-2">{props.actions}</div>
      )}
    </div>
  )
}
