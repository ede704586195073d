import { CircleCheck, CircleX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ConnectionTest } from '../../../shared/api/types.ts'
import { formatDuration } from '../../../shared/format/time.ts'
import { Callout } from '../../../shared/ui/callout.tsx'

/** Whether the platform took the credentials; if not: whose fault it is, what to do, and what the platform said. */
export function ConnectionResult({ result }: { result: ConnectionTest }) {
  const { t, i18n } = useTranslation()
  if (result.ok) {
    return (
      <Callout
        role="status"
        tone="good"
        icon={CircleCheck}
        title={t('connection.ok')}
        data-testid="test-result"
        data-ok="true"
      >
        {t('connection.okText', { duration: formatDuration(result.latencyMs) })}
        {result.spends && ` ${t('connection.spent')}`}
      </Callout>
    )
  }
  const fault = result.fault ?? 'provider'
  return (
    <Callout
      role="alert"
      tone="danger"
      icon={CircleX}
      title={t(`connection.fault.${fault}`)}
      data-testid="test-result"
      data-ok="false"
      data-fault={fault}
    >
      <p>{t(`connection.next.${fault}`)}</p>
      {/* The service's own sentence is English; it names the exact case. */}
      {(i18n.language === 'en' || result.upstreamMessage === null) && (
        <p className="mt-1">{result.message}</p>
      )}
      {result.upstreamMessage !== null && (
        <p className="mt-1.5">
          {t('connection.upstreamSaid')}{' '}
          <q className="font-mono text-xs break-words text-foreground">{result.upstreamMessage}</q>
        </p>
      )}
    </Callout>
  )
}
