import { useQueryClient } from '@tanstack/react-query'
import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../shared/api/api-error.ts'
import { Button } from '../../shared/ui/button.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../shared/ui/states.tsx'

/** A page whose code or data is on its way. */
export function PagePending() {
  return (
    <div className="grid gap-4">
      <Skeleton className="h-7 w-40" />
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        {[0, 1, 2, 3].map((card) => (
          <Skeleton key={card} className="h-24" />
        ))}
      </div>
      <Skeleton className="h-72" />
    </div>
  )
}

export function PageError({ error }: ErrorComponentProps) {
  const router = useRouter()
  const client = useQueryClient()
  return (
    <LoadError
      error={error}
      onRetry={() => {
        void client.resetQueries()
        void router.invalidate()
      }}
    />
  )
}

/** A page whose one thing could not be had: it is not there, or something is wrong. */
export function LoadError({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (error instanceof ApiError && error.status === 404) return <NotFoundPage />
  return (
    <div className="mx-auto max-w-xl pt-16">
      <ErrorState error={error} onRetry={onRetry} />
    </div>
  )
}

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <EmptyState
      icon={Compass}
      title={t('common.notFoundTitle')}
      className="pt-24"
      action={
        <Button asChild>
          <Link to="/">{t('common.toOverview')}</Link>
        </Button>
      }
    >
      {t('common.notFoundText')}
    </EmptyState>
  )
}
