import { useQuery } from '@tanstack/react-query'
import { Ruler } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Estimate } from '../../../shared/api/types.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { providerName } from '../../../shared/providers/providers.ts'
import { Count } from '../../../shared/ui/amount.tsx'
import { Badge } from '../../../shared/ui/badge.tsx'
import { CardHeader } from '../../../shared/ui/card.tsx'
import { cn } from '../../../shared/ui/cn.ts'
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
  const { i18n } = useTranslation()
  const rows = Math.max(1, estimate.sizes.length)
  const ratio = (value: number | undefined) => (value === undefined ? '—' : `× ${value.toFixed(2)}`)
  return Array.from({ length: rows }, (_, index) => {
    const size = estimate.sizes[index]
    return (
      <Tr key={index} className={cn('[&>td]:align-top', index < rows - 1 && '[&>td]:border-b-0')}>
        <Td className="min-w-36">
          {index === 0 && (
            <>
              <span className="font-medium break-all">{estimate.model}</span>
              <span className="block text-xs text-muted-foreground">
                {providerName(estimate.provider, i18n.language)}
              </span>
            </>
          )}
        </Td>
        <Td className="whitespace-nowrap text-muted-foreground">
          <SizeText size={size} />
        </Td>
        <Td className={numeric}>
          <Count value={size?.samples ?? 0} />
        </Td>
        <Td className={numeric}>{ratio(size?.factor ?? estimate.seedFactor)}</Td>
        <Td className={numeric}>{ratio(size?.ratioP50)}</Td>
        <Td className={numeric}>{ratio(size?.ratioP99)}</Td>
        <Td className={numeric}>{ratio(size?.ratioP999)}</Td>
        <Td className={numeric}>{index === 0 && <Misses estimate={estimate} />}</Td>
      </Tr>
    )
  })
}

function SizeText({ size }: { size: Estimate['sizes'][number] | undefined }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (size === undefined) return '—'
  if (size.tokensMax === null) return t('estimate.larger')
  return t('estimate.upTo', { tokens: format.compact(size.tokensMax) })
}

/** Requests whose input was larger than its bound: the one figure here that should stay at zero. */
function Misses({ estimate: { misses, samples } }: { estimate: Estimate }) {
  const { t } = useTranslation()
  const format = useFormat()
  const text = t('estimate.missesOf', { misses: format.count(misses), samples: format.count(samples) })
  if (misses === 0) return <span className="text-muted-foreground">{samples === 0 ? '—' : text}</span>
  return (
    <Badge tone="warning" title={t('estimate.missesHint')}>
      {text}
    </Badge>
  )
}
