import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RequestDetail } from '../../../shared/api/types.ts'
import { formatDuration } from '../../../shared/format/time.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { providerName } from '../../../shared/providers/providers.ts'
import { Amount } from '../../../shared/ui/amount.tsx'
import { Badge } from '../../../shared/ui/badge.tsx'
import { Sheet } from '../../../shared/ui/dialog.tsx'
import { Money } from '../../../shared/ui/money.tsx'
import { ErrorState, SkeletonRows } from '../../../shared/ui/states.tsx'
import { requestQuery } from '../api/requests.ts'
import { Fact, Identifier, Section } from './facts.tsx'
import { RequestAdjustments } from './request-adjustments.tsx'
import { RequestAttempts } from './request-attempts.tsx'
import { RequestReservation } from './request-reservation.tsx'
import { RequestStatus } from './request-status.tsx'
import { UsageBuckets } from './usage-buckets.tsx'

/** Everything the books know about one request. */
export function RequestDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Sheet open={id !== undefined} onOpenChange={onClose} title={t('request.title')}>
      {id !== undefined && <RequestDetails id={id} />}
    </Sheet>
  )
}

function RequestDetails({ id }: { id: string }) {
  const request = useQuery(requestQuery(id))
  if (request.isPending) return <SkeletonRows rows={8} className="px-0" />
  if (request.isError) return <ErrorState error={request.error} onRetry={() => void request.refetch()} />
  return <RequestFacts row={request.data} />
}

function RequestFacts({ row }: { row: RequestDetail }) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  return (
    <div className="grid gap-5 text-[13px]" data-testid="request-details">
      <div className="flex flex-wrap items-center gap-1.5">
        <RequestStatus row={row} />
        {row.stream && <Badge tone="outline">{t('request.stream')}</Badge>}
        <Badge tone="outline">{row.endpoint}</Badge>
        {row.usageSource !== 'provider' && (
          <Badge tone="warning" title={t('request.estimatedHint')}>
            {row.usageSource === 'estimated' ? t('request.estimated') : t('request.status.interrupted')}
          </Badge>
        )}
        {row.errorKind !== null && <Badge tone="danger">{row.errorKind}</Badge>}
      </div>
      <Section title={t('request.tokens')}>
        <UsageBuckets row={row} />
        <RequestReservation row={row} />
      </Section>
      <Section title={t('request.cost')}>
        <Fact label={t('request.listCost')}>
          <Money amount={row.listCost} />
        </Fact>
        {row.grant !== null && (
          <Fact label={t('request.grant')}>
            {row.grant}
            {row.grantAmount !== null && (
              <>
                {' · '}
                <Amount value={row.grantAmount} exact />
              </>
            )}
          </Fact>
        )}
        <Fact label={t('request.billed')}>
          <Money amount={row.billedCost} className="font-semibold" />
        </Fact>
        {row.priceTier !== null && <Fact label={t('request.priceTier')}>{row.priceTier + 1}</Fact>}
      </Section>
      {row.adjustments.length > 0 && (
        <Section title={t('request.adjustments')}>
          <RequestAdjustments row={row} />
        </Section>
      )}
      <Section title={t('request.path')}>
        <Fact label={t('account.model')}>
          {row.model}
          {row.upstreamModel !== null && row.upstreamModel !== row.model && ` → ${row.upstreamModel}`}
        </Fact>
        {row.provider !== null && (
          <Fact label={t('request.servedBy')}>
            {providerName(row.provider, i18n.language)} · {row.account ?? '—'}
          </Fact>
        )}
        <RequestAttempts attempts={row.attempts} />
      </Section>
      <Section title={t('request.caller')}>
        <Fact label={t('key.team')}>{row.team}</Fact>
        <Fact label={t('key.title')}>{row.key}</Fact>
        {row.member !== null && <Fact label={t('key.member')}>{row.member}</Fact>}
        {row.endUser !== null && <Fact label={t('request.endUser')}>{row.endUser}</Fact>}
      </Section>
      <Section title={t('request.times')}>
        <Fact label={t('request.started')}>{format.dateTimeExact(row.startedAt)}</Fact>
        {row.firstTokenMs !== null && (
          <Fact label={t('request.firstToken')}>{formatDuration(row.firstTokenMs)}</Fact>
        )}
        <Fact label={t('request.duration')}>{formatDuration(row.durationMs)}</Fact>
        {row.finishReason !== null && <Fact label={t('request.finishReason')}>{row.finishReason}</Fact>}
        <Identifier label="ID" value={row.id} />
        {row.upstreamId !== null && <Identifier label={t('request.upstreamId')} value={row.upstreamId} />}
      </Section>
    </div>
  )
}
