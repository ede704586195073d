import { useQuery } from '@tanstack/react-query'
import { Ruler } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Estimate } from '../../../shared/api/types.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { providerName } from '../../../shared/providers/providers.ts'
import { Count } from '../../../shared/ui/amount.tsx'
import { Badge } from '../../../shared/ui/badge.tsx'
import { CardHeader } from '../../../shared/ui/card.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../../shared/ui/states.tsx'
import { numeric, Table, Td, Th, Tr } from '../../../shared/ui/table.tsx'
import { estimatesQuery } from '../api/operations.ts'

/** How the bounds of inputs compare with what the platforms count, by model and size of prompt. */
export function EstimateTable() {
  const { t } = useTranslation()
  const estimates = useQuery({ ...estimatesQuery, refetchInterval: 15_000 })
  return (
    <>
      <CardHeader title={t('estimate.title')} description={t('estimate.listText')} className="border-b" />
      {estimates.isPending && <SkeletonRows rows={5} />}
      {estimates.isError && estimates.data === undefined && (
        <ErrorState error={estimates.error} onRetry={() => void estimates.refetch()} />
      )}
      {estimates.data?.length === 0 && (
        <EmptyState icon={Ruler} title={t('estimate.noneTitle')}>
          {t('estimate.noneText')}
        </EmptyState>
      )}
      {estimates.data !== undefined && estimates.data.length > 0 && (
        <Table data-testid="estimates">
          <thead>
            <tr>
              <Th>{t('account.model')}</Th>
              <Th>{t('estimate.size')}</Th>
              <Th className={numeric}>{t('estimate.samples')}</Th>
              <Th className={numeric} title={t('estimate.factorHint')}>
                {t('estimate.factor')}
              </Th>
              <Th className={numeric} title={t('estimate.ratioHint')}>
                P50
              </Th>
              <Th className={numeric} title={t('estimate.ratioHint')}>
                P99
              </Th>
              <Th className={numeric} title={t('estimate.ratioHint')}>
                P99.9
              </Th>
              <Th className={numeric} title={t('estimate.missesHint')}>
                {t('estimate.misses')}
              </Th>
            </tr>
          </thead>
          <tbody>
            {estimates.data.map((estimate) => (
              <EstimateRows key={`${estimate.provider} ${estimate.model}`} estimate={estimate} />
            ))}
          </tbody>
        </Table>
      )}
    </>
  )
}

/** A row for each size of prompt; a model that nothing was learned of yet has one with its first factor. */
function EstimateRows({ estimate }: { estimate: Estimate }) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const rows = Math.max(1, estimate.sizes.length)
  const ratio = (value: number | undefined) => (value === undefined ? '—' : `× ${value.toFixed(2)}`)
  return Array.from({ length: rows }, (_, index) => {
    const size = estimate.sizes[index]
    return (
      <Tr key={index}>
        {index === 0 && (
          <Td rowSpan={rows} className="align-top">
            <span className="font-medium break-all">{estimate.model}</span>
            <span className="block text-xs text-muted-foreground">
              {providerName(estimate.provider, i18n.language)}
            </span>
          </Td>
        )}
        <Td className="whitespace-nowrap text-muted-foreground">
          {size === undefined
            ? '—'
            : size.tokensMax === null
              ? t('estimate.larger')
              : t('estimate.upTo', { tokens: format.compact(size.tokensMax) })}
        </Td>
        <Td className={numeric}>
          <Count value={size?.samples ?? 0} />
        </Td>
        <Td className={numeric}>{ratio(size?.factor ?? estimate.seedFactor)}</Td>
        <Td className={numeric}>{ratio(size?.ratioP50)}</Td>
        <Td className={numeric}>{ratio(size?.ratioP99)}</Td>
        <Td className={numeric}>{ratio(size?.ratioP999)}</Td>
        {index === 0 && (
          <Td rowSpan={rows} className={`${numeric} align-top`}>
            {estimate.misses > 0 ? (
              <Badge tone="warning" title={t('estimate.missesHint')}>
                {t('estimate.missesOf', {
                  misses: format.count(estimate.misses),
                  samples: format.count(estimate.samples),
                })}
              </Badge>
            ) : (
              <span className="text-muted-foreground">
                {t('estimate.missesOf', { misses: 0, samples: format.count(estimate.samples) })}
              </span>
            )}
          </Td>
        )}
      </Tr>
    )
  })
}
