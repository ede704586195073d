import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Boxes, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { accountsQuery } from '../../features/accounts/api/accounts.ts'
import { AccountList } from '../../features/accounts/components/account-list.tsx'
import { grantsQuery } from '../../features/grants/api/grants.ts'
import { GrantSummary } from '../../features/grants/components/grant-summary.tsx'
import { usePermissions } from '../../shared/session/session.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Card, PageHeader } from '../../shared/ui/card.tsx'
import { EmptyState, ErrorState, Skeleton, SkeletonRows } from '../../shared/ui/states.tsx'

export function ProvidersPage() {
  const { t } = useTranslation()
  const { administer } = usePermissions()
  const accounts = useQuery(accountsQuery)
  const grants = useQuery({ ...grantsQuery(), refetchInterval: 5_000 })
  const add = administer && (
    <Button asChild variant="primary">
      <Link to="/welcome">
        <Plus />
        {t('nav.addProvider')}
      </Link>
    </Button>
  )
  return (
    <>
      <PageHeader name={t('nav.providers')} description={t('account.pageText')} actions={add} />
      {accounts.isPending && (
        <Card>
          <SkeletonRows rows={6} />
        </Card>
      )}
      {accounts.isError && (
        <Card>
          <ErrorState error={accounts.error} onRetry={() => void accounts.refetch()} />
        </Card>
      )}
      {accounts.data?.length === 0 && (
        <Card>
          <EmptyState icon={Boxes} title={t('overview.emptyTitle')} action={add}>
            {t('overview.emptyText')}
          </EmptyState>
        </Card>
      )}
      {accounts.data !== undefined && (
        <AccountList
          accounts={accounts.data}
          grantsOf={(name) =>
            grants.data === undefined ? (
              <Skeleton className="h-11" />
            ) : (
              <GrantSummary grants={grants.data.filter(({ account }) => account === name)} />
            )
          }
        />
      )}
    </>
  )
}
