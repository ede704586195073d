import { Link } from '@tanstack/react-router'
import {
  CalendarX2,
  CircleAlert,
  Clock3,
  Coins,
  FileWarning,
  Gauge,
  Scale,
  TrendingDown,
  type LucideIcon,
} from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../../shared/api/types.ts'
import { countdown, formatCountdown } from '../../../shared/format/countdown.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { useNow } from '../../../shared/hooks/use-now.ts'
import { useJobName } from '../../../shared/i18n/use-job-name.ts'
import { useQuotaName } from '../../../shared/i18n/use-quota-name.ts'
import { usePermissions } from '../../../shared/session/session.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { Callout } from '../../../shared/ui/callout.tsx'
import { Money } from '../../../shared/ui/money.tsx'

const icons: Readonly<Record<Alert['kind'], LucideIcon>> = {
  'grant-expiring': Clock3,
  'grant-low': TrendingDown,
  'quota-near': Gauge,
  'quota-passed': Gauge,
  'account-state': CircleAlert,
  spill: Coins,
  'books-differ': Scale,
  'rejected-records': FileWarning,
  'job-failed': CalendarX2,
}

/** Alerts in view before "show all": a platform may have forty grants that end on one day. */
const alertsInView = 4

/** What somebody should look at, worst first as the service sends it; nothing is shown while all is well. */
export function AlertList({ alerts }: { alerts: readonly Alert[] }) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  if (alerts.length === 0) return null
  return (
    <div className="grid gap-2 lg:grid-cols-2" data-testid="alerts">
      {(all ? alerts : alerts.slice(0, alertsInView)).map((alert, index) => (
        <Callout
          key={`${alert.kind} ${index}`}
          role="status"
          tone={alert.severity === 'critical' ? 'danger' : 'warning'}
          icon={icons[alert.kind]}
          className="py-2"
        >
          <AlertText alert={alert} />
        </Callout>
      ))}
      {alerts.length > alertsInView && (
        <Button
          size="sm"
          variant="ghost"
          className="justify-self-start text-muted-foreground lg:col-span-2"
          onClick={() => setAll(!all)}
        >
          {all ? t('common.showLess') : t('alert.showAll', { count: alerts.length })}
        </Button>
      )}
    </div>
  )
}

function AlertText({ alert }: { alert: Alert }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow()
  const text = (name: string) => String(alert.params[name] ?? '')
  const percent = () => format.percent(Number(alert.params['usedPercent'] ?? 0))
  const quotaName = useQuotaName()
  const jobName = useJobName()
  const account = text('account')
  const toAccount = (
    <Link to="/providers/$name" params={{ name: account }} className="font-medium hover:underline">
      {account}
    </Link>
  )
  switch (alert.kind) {
    case 'grant-expiring': {
      const expiresAt = text('expiresAt')
      const time = expiresAt === '' ? '' : formatCountdown(countdown(expiresAt, now), format.locale)
      return (
        <>
          {toAccount} · {t('alert.grant-expiring', { grant: text('grant'), time })}
        </>
      )
    }
    case 'grant-low':
      return (
        <>
          {toAccount} · {t('alert.grant-low', { grant: text('grant'), percent: percent() })}
        </>
      )
    case 'quota-passed':
      return (
        <>
          <span className="font-medium">{text('name')}</span> ·{' '}
          {t('alert.quota-passed', { quota: quotaName(alert.params), percent: percent() })}
        </>
      )
    case 'quota-near':
      return (
        <>
          <span className="font-medium">{text('name')}</span> ·{' '}
          {t('alert.quota-near', { quota: quotaName(alert.params), percent: percent() })}
        </>
      )
    case 'account-state':
      return (
        <>
          {toAccount} · {t('alert.account-state')}
          {text('message') !== '' && <span className="text-muted-foreground"> — {text('message')}</span>}
        </>
      )
    case 'books-differ':
      return (
        <>
          {t('alert.books-differ', { count: Number(alert.params['differences'] ?? 0) })}
          <span className="text-muted-foreground">
            {' '}
            {text('subject')} — {text('message')}
          </span>
          <ToOperations />
        </>
      )
    case 'rejected-records':
      return t('alert.rejected-records', {
        records: text('rejectedRecords'),
        files: text('damagedFiles'),
        directory: text('directory'),
        host: text('host'),
      })
    case 'job-failed':
      return (
        <>
          {t('alert.job-failed', { job: jobName(text('job')) })}{' '}
          <span className="text-muted-foreground">{text('message')}</span>
          <ToOperations />
        </>
      )
    case 'spill':
      return (
        <>
          {toAccount} · {t('alert.spill', { model: text('model') })} <Money amount={text('billedCost')} />
        </>
      )
  }
}

/** Where all findings and the runs of jobs are; not for those who may not see them. */
function ToOperations() {
  const { t } = useTranslation()
  const { administer } = usePermissions()
  if (!administer) return null
  return (
    <>
      {' '}
      <Link to="/operations" className="font-medium whitespace-nowrap hover:underline">
        {t('alert.toOperations')}
      </Link>
    </>
  )
}
