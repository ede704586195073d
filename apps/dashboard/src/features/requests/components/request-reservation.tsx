import { useTranslation } from 'react-i18next'
import type { RequestDetail } from '../../../shared/api/types.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { useQuotaName } from '../../../shared/i18n/use-quota-name.ts'
import { Count } from '../../../shared/ui/amount.tsx'
import { Money } from '../../../shared/ui/money.tsx'
import { percentOf } from '../../../shared/ui/usage-bar.tsx'
import { Fact } from './facts.tsx'

/** What was held before the call beside what it came to, and how that was bent: clamped, or past a soft limit. */
export function RequestReservation({ row }: { row: RequestDetail }) {
  const { t } = useTranslation()
  const format = useFormat()
  const quotaName = useQuotaName()
  return (
    <>
      <Fact label={t('request.reserved')}>
        <Count value={row.reservedTokens} exact /> · <Money amount={row.reservedCost} />
      </Fact>
      <Fact label={t('request.usedOfReserved')}>
        <Count value={row.totalTokens} exact />
        {row.reservedTokens > 0 &&
          ` (${format.percent(percentOf(row.totalTokens, row.reservedTokens))})`} ·{' '}
        <Money amount={row.listCost} />
      </Fact>
      {row.maxTokensClamped !== null && (
        <Fact label={t('request.clamped')}>
          <Count value={row.maxTokensClamped} exact />
        </Fact>
      )}
      {row.softQuotasPassed.map((quota) => (
        <Fact key={quota.id} label={t('request.softQuotaPassed')}>
          {quota.metric === null ? (
            t('request.quotaGone')
          ) : (
            <>
              <span className="font-medium">{quota.name}</span> · {quotaName(quota)}
            </>
          )}
        </Fact>
      ))}
    </>
  )
}
