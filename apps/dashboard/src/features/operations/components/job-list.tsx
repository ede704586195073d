import { useQuery } from '@tanstack/react-query'
import { Cog } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../../shared/hooks/use-now.ts'
import { CardHeader } from '../../../shared/ui/card.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../../shared/ui/states.tsx'
import { jobsQuery } from '../api/operations.ts'
import { JobItem } from './job-item.tsx'

/** All recurring work, followed while it is in view. */
export function JobList() {
  const { t } = useTranslation()
  const jobs = useQuery({ ...jobsQuery, refetchInterval: 3_000 })
  const now = useNow(10_000)
  return (
    <>
      <CardHeader title={t('job.title')} description={t('job.listText')} className="border-b" />
      {jobs.isPending && <SkeletonRows rows={5} />}
      {jobs.isError && jobs.data === undefined && (
        <ErrorState error={jobs.error} onRetry={() => void jobs.refetch()} />
      )}
      {jobs.data?.length === 0 && <EmptyState icon={Cog} title={t('job.none')} />}
      <ul className="divide-y">
        {jobs.data?.map((job) => (
          <JobItem key={job.name} job={job} nowMs={now} />
        ))}
      </ul>
    </>
  )
}
