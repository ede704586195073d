import { useTranslation } from 'react-i18next'
import type { Grant } from '../../../shared/api/types.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { Amount, useUnitName } from '../../../shared/ui/amount.tsx'
import { grantOutlook } from '../grant-outlook.ts'

/** The forecast in half a sentence, with its separator; nothing where there is nothing to say. */
export function GrantOutlookText({ grant, nowMs }: { grant: Grant; nowMs: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const unitName = useUnitName()
  const outlook = grantOutlook(grant, nowMs)
  switch (outlook.kind) {
    case 'runs-out':
      return <> · {t('grant.runsOut', { date: format.date(outlook.at) })}</>
    case 'wasted':
      return (
        <>
          {' · '}
          {t('grant.wastedBefore')} <Amount value={outlook.unused} currency={grant.currency} />{' '}
          {unitName(grant.unit)}
          {t('grant.wastedAfter')}
        </>
      )
    case 'empty':
      return <> · {t(grant.whenEmpty === 'provider-stops' ? 'grant.emptyStops' : 'grant.emptyBills')}</>
    case 'idle':
      return <> · {t('grant.idle')}</>
    case 'expired':
    case 'pending':
    case 'steady':
      return null
  }
}
