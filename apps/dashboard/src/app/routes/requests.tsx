import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ScrollText } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { requestsQuery } from '../../features/requests/api/requests.ts'
import { RequestDrawer } from '../../features/requests/components/request-drawer.tsx'
import { RequestFilterBar } from '../../features/requests/components/request-filter-bar.tsx'
import { RequestTable } from '../../features/requests/components/request-table.tsx'
import { teamsQuery } from '../../features/teams/api/teams.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Card, PageHeader } from '../../shared/ui/card.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../shared/ui/states.tsx'

const route = getRouteApi('/shell/requests')

export function RequestsPage() {
  const { t } = useTranslation()
  const { id, ...filters } = route.useSearch()
  const navigate = route.useNavigate()
  const requests = useInfiniteQuery(requestsQuery(filters))
  const teams = useQuery(teamsQuery)
  const rows = requests.data?.pages.flatMap((page) => page.data) ?? []
  return (
    <>
      <PageHeader name={t('nav.requests')} description={t('request.pageText')} />
      <Card>
        <RequestFilterBar
          filters={filters}
          teams={teams.data?.map(({ name }) => name) ?? []}
          onChange={(next) => void navigate({ search: next, replace: true })}
        />
        {requests.isPending && <SkeletonRows rows={10} />}
        {requests.isError && rows.length === 0 && (
          <ErrorState error={requests.error} onRetry={() => void requests.refetch()} />
        )}
        {requests.isSuccess && rows.length === 0 && (
          <EmptyState icon={ScrollText} title={t('request.noneTitle')}>
            {t(Object.keys(filters).length === 0 ? 'request.noneText' : 'request.noneFiltered')}
          </EmptyState>
        )}
        {rows.length > 0 && (
          <RequestTable
            rows={rows}
            selected={id}
            onSelect={(chosen) => void navigate({ search: (before) => ({ ...before, id: chosen }) })}
          />
        )}
        {requests.hasNextPage && (
          <div className="flex justify-center border-t p-3">
            <Button
              size="sm"
              busy={requests.isFetchingNextPage}
              onClick={() => void requests.fetchNextPage()}
              data-testid="load-more"
            >
              {t('request.older')}
            </Button>
          </div>
        )}
      </Card>
      <RequestDrawer id={id} onClose={() => void navigate({ search: ({ id: _closed, ...rest }) => rest })} />
    </>
  )
}
