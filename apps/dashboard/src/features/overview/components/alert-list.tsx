import { Link } from '@tanstack/react-router'
import { CircleAlert, Clock3, Coins, Gauge, TrendingDown, type LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ReactNode } from 'react'
import type { Alert } from '../../../shared/api/types.ts'
import { countdown, formatCountdown } from '../../../shared/format/countdown.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { useNow } from '../../../shared/hooks/use-now.ts'
import { Callout } from '../../../shared/ui/callout.tsx'
import { Money } from '../../../shared/ui/money.tsx'

const looks: Readonly<Record<Alert['kind'], { icon: LucideIcon; tone: 'warning' | 'danger' }>> = {
  'grant-expiring': { icon: Clock3, tone: 'warning' },
  'grant-low': { icon: TrendingDown, tone: 'warning' },
  'quota-near': { icon: Gauge, tone: 'warning' },
  'account-state': { icon: CircleAlert, tone: 'danger' },
  spill: { icon: Coins, tone: 'danger' },
}

/** What somebody should look at, worst first; nothing is shown while all is well. */
export function AlertList({ alerts }: { alerts: readonly Alert[] }) {
  const ordered = [...alerts].sort((a, b) => looks[a.kind].tone.localeCompare(looks[b.kind].tone))
  if (ordered.length === 0) return null
  return (
    <div className="grid gap-2 lg:grid-cols-2" data-testid="alerts">
      {ordered.map((alert, index) => (
        <Callout
          key={`${alert.kind} ${index}`}
          role="status"
          tone={looks[alert.kind].tone}
          icon={looks[alert.kind].icon}
          className="py-2"
        >
          <AlertText alert={alert} />
        </Callout>
      ))}
    </div>
  )
}

function AlertText({ alert }: { alert: Alert }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow()
  const text = (name: string) => String(alert.params[name] ?? '')
  const percent = () => format.percent(Number(alert.params['usedPercent'] ?? 0))
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
    case 'quota-near':
      return (
        <>
          <Link to="/teams/$name" params={{ name: text('team') }} className="font-medium hover:underline">
            {text('team')}
          </Link>{' '}
          · {t('alert.quota-near', { percent: percent() })}
        </>
      )
    case 'account-state':
      return (
        <>
          {toAccount} · {t('alert.account-state')}
        </>
      )
    case 'spill':
      return (
        <>
          {t('alert.spill')} <Money amount={text('billedCost')} />
        </>
      )
  }
}
