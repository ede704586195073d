import { useQuery } from '@tanstack/react-query'
import { ChartNoAxesColumn } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Count } from '../../../shared/ui/amount.tsx'
import { CardHeader } from '../../../shared/ui/card.tsx'
import { Money } from '../../../shared/ui/money.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../../shared/ui/states.tsx'
import { numeric, Table, Td, Th, Tr } from '../../../shared/ui/table.tsx'
import { teamUsageQuery } from '../api/teams.ts'

/** What a team used in the last 30 days, by model. */
export function TeamUsage({ team }: { team: string }) {
  const { t } = useTranslation()
  const usage = useQuery(teamUsageQuery(team))
  return (
    <>
      <CardHeader title={t('team.usage')} description={t('team.usageText')} className="border-b" />
      {usage.isPending && <SkeletonRows rows={4} />}
      {usage.isError && <ErrorState error={usage.error} onRetry={() => void usage.refetch()} />}
      {usage.data?.groups.length === 0 && <EmptyState icon={ChartNoAxesColumn} title={t('team.usageNone')} />}
      {usage.data !== undefined && usage.data.groups.length > 0 && (
        <Table>
          <thead>
            <tr>
              <Th>{t('account.model')}</Th>
              <Th className={numeric}>{t('metric.requests')}</Th>
              <Th className={numeric}>{t('metric.tokens')}</Th>
              <Th className={numeric}>{t('metric.spend')}</Th>
              <Th className={numeric}>{t('metric.saved')}</Th>
            </tr>
          </thead>
          <tbody>
            {[...usage.data.groups, { ...usage.data.totals, key: '', label: t('common.total') }].map(
              (group) => (
                <Tr key={group.key} className={group.key === '' ? 'bg-muted/40 font-medium' : ''}>
                  <Td className="break-all">{group.label}</Td>
                  <Td className={numeric}>
                    <Count value={group.requests} />
                  </Td>
                  <Td className={numeric}>
                    <Count value={group.totalTokens} />
                  </Td>
                  <Td className={numeric}>
                    <Money amount={group.billedCost} currency={usage.data.currency} />
                  </Td>
                  <Td className={numeric}>
                    <Money
                      amount={group.saved}
                      currency={usage.data.currency}
                      className="text-success-foreground"
                    />
                  </Td>
                </Tr>
              ),
            )}
          </tbody>
        </Table>
      )}
    </>
  )
}
