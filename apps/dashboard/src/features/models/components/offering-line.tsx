import { Gift } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Model } from '../../../shared/api/types.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { ProviderMark } from '../../../shared/providers/provider-mark.tsx'
import { Amount, useUnitName } from '../../../shared/ui/amount.tsx'
import { Badge } from '../../../shared/ui/badge.tsx'
import { cn } from '../../../shared/ui/cn.ts'
import { Money } from '../../../shared/ui/money.tsx'

/** One offering: account and upstream name, price a million tokens, and what is free of it. */
export function OfferingLine({ offering }: { offering: Model['offerings'][number] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const unitName = useUnitName()
  const { price, grant } = offering
  const works = offering.state === 'ok'
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-0.5">
      <span className="flex min-w-0 items-center gap-1.5">
        <ProviderMark provider={offering.provider} className="size-5 rounded text-[10px]" />
        <span className={cn('break-all', !works && 'text-muted-foreground line-through')}>
          {offering.offering}
        </span>
      </span>
      {!works && <Badge tone="danger">{t('model.notServing')}</Badge>}
      {price === null ? (
        <Badge tone="warning" title={t('price.unknownHint')}>
          {t('price.unknown')}
        </Badge>
      ) : (
        <span className="text-xs whitespace-nowrap text-muted-foreground" title={t('model.priceHint')}>
          <Money amount={price.inputPerMillion} currency={price.currency} />
          {' / '}
          <Money amount={price.outputPerMillion} currency={price.currency} />
        </span>
      )}
      {grant !== null && (
        <span
          className="flex items-center gap-1 text-xs whitespace-nowrap text-success-foreground"
          title={grant.expiresAt === null ? undefined : format.dateTimeExact(grant.expiresAt)}
        >
          <Gift className="size-3.5" aria-hidden />
          {t('model.freeLeft')} <Amount value={grant.left} /> {unitName(grant.unit)}
        </span>
      )}
    </li>
  )
}
