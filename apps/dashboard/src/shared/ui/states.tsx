import { CloudOff, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { errorMessage } from '../i18n/error-message.ts'
import { Button } from './button.tsx'
import { cn } from './cn.ts'

/** Nothing here yet, why that is, and what to do about it. */
export function EmptyState(props: {
  icon: LucideIcon
  title: ReactNode
  children?: ReactNode
  action?: ReactNode
  className?: string
}) {
  return (
    <div className={cn('flex flex-col items-center px-6 py-12 text-center', props.className)}>
      <span className="mb-3 flex size-10 items-center justify-center rounded-full bg-accent text-accent-foreground">
        <props.icon className="size-5" aria-hidden />
      </span>
      <p className="font-medium">{props.title}</p>
      {props.children !== undefined && (
        <p className="mt-1 max-w-md text-[13px] text-muted-foreground">{props.children}</p>
      )}
      {props.action !== undefined && (
        <div className="mt-4 flex flex-wrap justify-center gap-2">{props.action}</div>
      )}
    </div>
  )
}

/** The data could not be had: what happened and a way to try again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation()
  return (
    <div role="alert" className="flex flex-col items-center px-6 py-12 text-center">
      <span className="mb-3 flex size-10 items-center justify-center rounded-full bg-danger/10 text-danger">
        <CloudOff className="size-5" aria-hidden />
      </span>
      <p className="font-medium">{t('common.loadFailed')}</p>
      <p className="mt-1 max-w-md text-[13px] break-words text-muted-foreground">{errorMessage(error, t)}</p>
      {onRetry !== undefined && (
        <Button size="sm" className="mt-4" onClick={onRetry}>
          {t('common.retry')}
        </Button>
      )}
    </div>
  )
}

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn('animate-pulse rounded-md bg-muted', className)} />
}

/** Rows that are on their way, in the shape of a table or a list. */
export function SkeletonRows({ rows = 5, className }: { rows?: number; className?: string }) {
  const { t } = useTranslation()
  return (
    <div role="status" aria-label={t('common.loading')} className={cn('grid gap-3 p-4', className)}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} className={cn('h-8', row % 3 === 1 && 'w-11/12', row % 3 === 2 && 'w-10/12')} />
      ))}
    </div>
  )
}
