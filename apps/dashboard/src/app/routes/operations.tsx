import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EstimateTable } from '../../features/operations/components/estimate-table.tsx'
import { JobList } from '../../features/operations/components/job-list.tsx'
import { usePermissions } from '../../shared/session/session.ts'
import { Card, PageHeader } from '../../shared/ui/card.tsx'
import { Tab, TabList, TabPanel, Tabs } from '../../shared/ui/tabs.tsx'
import { NotFoundPage } from '../shell/page-states.tsx'

const route = getRouteApi('/shell/operations')

/** What the service does by itself, and how well it estimates. */
export function OperationsPage() {
  const { t } = useTranslation()
  const { administer } = usePermissions()
  const { tab = 'jobs' } = route.useSearch()
  const navigate = route.useNavigate()
  if (!administer) return <NotFoundPage />
  return (
    <>
      <PageHeader name={t('nav.operations')} description={t('job.pageText')} />
      <Tabs
        value={tab}
        onValueChange={(value) =>
          void navigate({ search: { tab: value === 'estimates' ? 'estimates' : 'jobs' }, replace: true })
        }
      >
        <TabList className="mb-4">
          <Tab value="jobs">{t('job.title')}</Tab>
          <Tab value="estimates" data-testid="tab-estimates">
            {t('estimate.title')}
          </Tab>
        </TabList>
        <Card>
          <TabPanel value="jobs">
            <JobList />
          </TabPanel>
          <TabPanel value="estimates">
            <EstimateTable />
          </TabPanel>
        </Card>
      </Tabs>
    </>
  )
}
