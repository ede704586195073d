import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Grant } from '../../../shared/api/types.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { useNow } from '../../../shared/hooks/use-now.ts'
import { useActorName } from '../../../shared/session/use-actor-name.ts'
import { Amount } from '../../../shared/ui/amount.tsx'
import { cn } from '../../../shared/ui/cn.ts'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { ErrorState, SkeletonRows } from '../../../shared/ui/states.tsx'
import { numeric, Table, Td, Th, Tr } from '../../../shared/ui/table.tsx'
import { grantEntriesQuery } from '../api/grants.ts'
import { isInForce } from '../grant-entries.ts'

/** Where the size of a grant comes from: every credit and every adjustment, with who made it. */
export function GrantHistoryDialog({ grant, onClose }: { grant: Grant; onClose: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow()
  const nameOf = useActorName()
  const entries = useQuery(grantEntriesQuery(grant.id))
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('grant.historyOf', { name: grant.name })}
      description={t('grant.historyText')}
      className="max-w-3xl"
    >
      {entries.isPending && <SkeletonRows rows={3} />}
      {entries.isError && <ErrorState error={entries.error} onRetry={() => void entries.refetch()} />}
      {entries.data !== undefined && (
        <Table>
          <thead>
            <tr>
              <Th>{t('common.when')}</Th>
              <Th>{t('grant.entryKind')}</Th>
              <Th className={numeric}>{t('grant.amount')}</Th>
              <Th>{t('grant.reason')}</Th>
              <Th>{t('grant.actor')}</Th>
            </tr>
          </thead>
          <tbody>
            {entries.data.map((entry) => (
              <Tr key={entry.id} className={cn(!isInForce(entry, now) && 'opacity-60')}>
                <Td className="whitespace-nowrap tabular-nums">{format.dateTime(entry.createdAt)}</Td>
                <Td>
                  {t(`grant.entryKinds.${entry.kind}`)}
                  {entry.effectiveUntil !== null && (
                    <span className="block text-xs whitespace-nowrap text-muted-foreground">
                      {t(isInForce(entry, now) ? 'grant.countsUntil' : 'grant.countedUntil', {
                        time: format.dateTime(entry.effectiveUntil),
                      })}
                    </span>
                  )}
                </Td>
                <Td className={numeric}>
                  <Amount value={entry.amount} currency={grant.currency} exact />
                </Td>
                <Td className="min-w-40 wrap-anywhere text-muted-foreground">{entry.reason ?? '—'}</Td>
                <Td className="text-muted-foreground">{nameOf(entry.actor)}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </Dialog>
  )
}
