import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CircleAlert, Play } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Job } from '../../../shared/api/types.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { errorMessage } from '../../../shared/i18n/error-message.ts'
import { knownJob, useJobName } from '../../../shared/i18n/use-job-name.ts'
import { Badge, type BadgeTone } from '../../../shared/ui/badge.tsx'
import { Button } from '../../../shared/ui/button.tsx'
import { Callout } from '../../../shared/ui/callout.tsx'
import { showToast } from '../../../shared/ui/toast.tsx'
import { jobsQuery, runJob } from '../api/operations.ts'
import { readSchedule } from '../schedule.ts'
import { JobFigures } from './job-figures.tsx'
import { JobFindings } from './job-findings.tsx'

type Run = NonNullable<Job['lastRun']>

const tones: Readonly<Record<Run['status'], BadgeTone>> = { ok: 'good', running: 'accent', failed: 'danger' }

/** One job: what it is for, when it runs, how it went last, and what it found. */
export function JobItem({ job, nowMs }: { job: Job; nowMs: number }) {
  const { t } = useTranslation()
  const jobName = useJobName()
  const name = knownJob(job.name)
  const run = job.lastRun
  return (
    <li
      className="grid gap-2.5 px-4 py-3.5 sm:px-5"
      data-testid={`job-${job.name}`}
      data-status={run?.status}
    >
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <p className="flex flex-wrap items-center gap-2 text-[13px] font-medium">
            {jobName(job.name)}
            {run !== null && <RunBadge run={run} />}
          </p>
          {name !== undefined && <p className="text-[13px] text-muted-foreground">{t(`job.text.${name}`)}</p>}
        </div>
        <RunNow job={job} />
      </div>
      <p className="flex flex-wrap gap-x-4 gap-y-0.5 text-xs text-muted-foreground tabular-nums">
        <ScheduleText cron={job.cron} />
        <Moment label={t('job.lastRun')} at={run?.startedAt ?? null} nowMs={nowMs} />
        {run !== null && run.status !== 'ok' && (
          <Moment label={t('job.lastSuccess')} at={job.lastSuccessAt} nowMs={nowMs} />
        )}
        {run?.status === 'ok' && <JobFigures figures={run.figures} />}
      </p>
      {run !== null && run.error !== null && (
        <Callout tone="danger" icon={CircleAlert} title={t('job.failedTitle')}>
          {run.error}
        </Callout>
      )}
      {run !== null && run.findings.length > 0 && <JobFindings findings={run.findings} />}
    </li>
  )
}

function RunBadge({ run }: { run: Run }) {
  const { t } = useTranslation()
  if (run.status === 'ok' && run.findings.length > 0) {
    return <Badge tone="warning">{t('job.findings', { count: run.findings.length })}</Badge>
  }
  return <Badge tone={tones[run.status]}>{t(`job.status.${run.status}`)}</Badge>
}

function RunNow({ job }: { job: Job }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const start = useMutation({
    mutationFn: () => runJob(job.name),
    onSuccess: () => {
      void client.invalidateQueries(jobsQuery)
      showToast(t('job.queued'))
    },
    onError: (error) => showToast(errorMessage(error, t), 'danger'),
  })
  return (
    <Button size="sm" data-testid={`run-${job.name}`} busy={start.isPending} onClick={() => start.mutate()}>
      <Play />
      {t('job.runNow')}
    </Button>
  )
}

function ScheduleText({ cron }: { cron: string }) {
  const { t } = useTranslation()
  const schedule = readSchedule(cron)
  switch (schedule.kind) {
    case 'minutes':
      return (
        <span>
          {schedule.count === 1 ? t('job.everyMinute') : t('job.everyMinutes', { count: schedule.count })}
        </span>
      )
    case 'hourly':
      return <span>{t('job.hourly', { time: schedule.time })}</span>
    case 'daily':
      return <span>{t('job.daily', { time: schedule.time })}</span>
    case 'cron':
      return <code>{schedule.cron}</code>
  }
}

function Moment({ label, at, nowMs }: { label: string; at: string | null; nowMs: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <span title={at === null ? undefined : format.dateTimeExact(at)}>
      {label} {at === null ? t('job.never') : format.ago(at, nowMs)}
    </span>
  )
}
