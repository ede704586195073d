import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Boxes, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { GrantBoard } from '../../features/grants/components/grant-board.tsx'
import { overviewQuery } from '../../features/overview/api/overview.ts'
import { AlertList } from '../../features/overview/components/alert-list.tsx'
import { LiveStrip } from '../../features/overview/components/live-strip.tsx'
import { MetricCards } from '../../features/overview/components/metric-cards.tsx'
import { RangePicker } from '../../features/overview/components/range-picker.tsx'
import { TopTeams } from '../../features/overview/components/top-teams.tsx'
import { UsageChart } from '../../features/overview/components/usage-chart.tsx'
import { usePermissions } from '../../shared/session/session.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Card, PageHeader } from '../../shared/ui/card.tsx'
import { EmptyState, ErrorState } from '../../shared/ui/states.tsx'
import { PagePending } from '../shell/page-states.tsx'

const route = getRouteApi('/shell/')

export function OverviewPage() {
  const { t } = useTranslation()
  const { range = '24h', metric = 'tokens' } = route.useSearch()
  const navigate = route.useNavigate()
  const overview = useQuery(overviewQuery(range))
  const { data } = overview
  return (
    <>
      <PageHeader
        name={t('nav.overview')}
        description={
          data === undefined ? undefined : (
            <LiveStrip live={data.live} fresh={!overview.isError && !overview.failureCount} />
          )
        }
        actions={
          <RangePicker
            value={range}
            onChange={(next) =>
              void navigate({ search: (before) => ({ ...before, range: next }), replace: true })
            }
          />
        }
      />
      {data === undefined && overview.isPending && <PagePending />}
      {data === undefined && overview.isError && (
        <Card>
          <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />
        </Card>
      )}
      {data !== undefined && data.providers.length === 0 && data.totals.requests === 0 && <FirstSteps />}
      {data !== undefined && (data.providers.length > 0 || data.totals.requests > 0) && (
        <div className="grid grid-cols-1 gap-4">
          <AlertList alerts={data.alerts} />
          <MetricCards overview={data} />
          <UsageChart
            overview={data}
            metric={metric}
            onMetric={(next) =>
              void navigate({ search: (before) => ({ ...before, metric: next }), replace: true })
            }
          />
          <section className="grid grid-cols-1 gap-2.5">
            <div className="mt-2">
              <h2 className="text-sm font-semibold">{t('overview.grants')}</h2>
              <p className="text-[13px] text-muted-foreground">{t('overview.grantsText')}</p>
            </div>
            <GrantBoard providers={data.providers} />
          </section>
          <TopTeams teams={data.teams} />
        </div>
      )}
    </>
  )
}

/** Before the first account there is nothing to look at. */
function FirstSteps() {
  const { t } = useTranslation()
  const { administer } = usePermissions()
  return (
    <Card>
      <EmptyState
        icon={Boxes}
        title={t('overview.emptyTitle')}
        className="py-20"
        action={
          administer && (
            <Button asChild variant="primary">
              <Link to="/welcome">
                <Plus />
                {t('nav.addProvider')}
              </Link>
            </Button>
          )
        }
      >
        {t(administer ? 'overview.emptyText' : 'overview.emptyTextViewer')}
      </EmptyState>
    </Card>
  )
}
