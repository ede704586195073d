import { useInfiniteQuery } from '@tanstack/react-query'
import { ScrollText } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { User } from '../../../shared/api/types.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../../shared/ui/states.tsx'
import { Table, Td, Th, Tr } from '../../../shared/ui/table.tsx'
import { auditQuery } from '../api/users.ts'

/** Every change, who made it and when. The names of actions are those of the API. */
export function AuditList({ users }: { users: readonly User[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const audit = useInfiniteQuery(auditQuery)
  const entries = audit.data?.pages.flatMap(({ data }) => data) ?? []
  const nameOf = (actor: string) => users.find(({ id }) => actor === `user:${id}`)?.name ?? actor
  if (audit.isPending) return <SkeletonRows rows={8} />
  if (entries.length === 0) {
    return audit.isError ? (
      <ErrorState error={audit.error} onRetry={() => void audit.refetch()} />
    ) : (
      <EmptyState icon={ScrollText} title={t('audit.none')} />
    )
  }
  return (
    <>
      <Table>
        <thead>
          <tr>
            <Th>{t('common.when')}</Th>
            <Th>{t('grant.actor')}</Th>
            <Th>{t('audit.action')}</Th>
            <Th>{t('audit.details')}</Th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <Tr key={entry.id}>
              <Td className="align-top whitespace-nowrap tabular-nums" title={format.dateTimeExact(entry.at)}>
                {format.dateTime(entry.at)}
              </Td>
              <Td className="align-top whitespace-nowrap">{nameOf(entry.actor)}</Td>
              <Td className="align-top font-mono text-xs whitespace-nowrap">{entry.action}</Td>
              <Td className="max-w-xl min-w-72 font-mono text-xs break-all text-muted-foreground">
                <span className="line-clamp-3">{JSON.stringify(entry.details)}</span>
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {audit.hasNextPage && (
        <div className="flex justify-center border-t p-3">
          <Button size="sm" busy={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
            {t('request.older')}
          </Button>
        </div>
      )}
    </>
  )
}
