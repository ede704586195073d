import { Gift } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RequestRow } from '../../../shared/api/types.ts'
import { formatDuration } from '../../../shared/format/time.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { ProviderMark } from '../../../shared/providers/provider-mark.tsx'
import { Count } from '../../../shared/ui/amount.tsx'
import { cn } from '../../../shared/ui/cn.ts'
import { Money } from '../../../shared/ui/money.tsx'
import { numeric, Table, Td, Th, Tr } from '../../../shared/ui/table.tsx'
import { RequestStatus } from './request-status.tsx'

/** The log. A row opens its details; by keyboard its time is the button. */
export function RequestTable(props: {
  rows: readonly RequestRow[]
  selected: string | undefined
  onSelect: (id: string) => void
}) {
  const { t } = useTranslation()
  return (
    <Table>
      <thead>
        <tr>
          <Th>{t('common.when')}</Th>
          <Th>{t('account.model')}</Th>
          <Th>{t('request.servedBy')}</Th>
          <Th>{t('request.caller')}</Th>
          <Th className={numeric}>{t('metric.input')}</Th>
          <Th className={numeric}>{t('metric.output')}</Th>
          <Th className={numeric}>{t('request.billed')}</Th>
          <Th className={numeric}>{t('request.duration')}</Th>
          <Th>{t('request.statusLabel')}</Th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <RequestTableRow
            key={row.id}
            row={row}
            selected={row.id === props.selected}
            onSelect={() => props.onSelect(row.id)}
          />
        ))}
      </tbody>
    </Table>
  )
}

function RequestTableRow({
  row,
  selected,
  onSelect,
}: {
  row: RequestRow
  selected: boolean
  onSelect: () => void
}) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <Tr
      className={cn('cursor-pointer hover:bg-muted/60', selected && 'bg-accent/60')}
      data-testid="request-row"
      data-request-id={row.id}
      onClick={onSelect}
    >
      <Td className="whitespace-nowrap tabular-nums">
        <button
          type="button"
          className="rounded text-left"
          aria-label={t('request.open', { id: row.id })}
          onClick={(event) => {
            event.stopPropagation()
            onSelect()
          }}
          title={format.dateTimeExact(row.startedAt)}
        >
          {format.dateTime(row.startedAt)}
        </button>
      </Td>
      <Td className="max-w-56">
        <span className="block truncate font-medium" title={row.model}>
          {row.model}
        </span>
        {row.upstreamModel !== null && row.upstreamModel !== row.model && (
          <span className="block truncate text-xs text-muted-foreground">{row.upstreamModel}</span>
        )}
      </Td>
      <Td className="whitespace-nowrap">
        {row.provider === null || row.account === null ? (
          <span className="text-muted-foreground">—</span>
        ) : (
          <span className="flex items-center gap-2">
            <ProviderMark provider={row.provider} className="size-5 rounded text-[10px]" />
            {row.account}
          </span>
        )}
      </Td>
      <Td className="whitespace-nowrap">
        {row.team}
        <span className="text-muted-foreground"> / {row.member ?? row.key}</span>
      </Td>
      <Td className={numeric}>
        <Count value={sum(row.inputTokens, row.cachedInputTokens)} />
      </Td>
      <Td className={numeric}>
        <Count value={sum(row.outputTokens, row.reasoningTokens)} />
      </Td>
      <Td className={numeric}>
        <span className="inline-flex items-center gap-1.5 align-middle">
          {row.grant !== null && (
            <Gift className="size-3.5 text-free" aria-label={t('request.paidByGrant')} />
          )}
          <Money amount={row.billedCost} />
        </span>
      </Td>
      <Td className={cn(numeric, 'text-muted-foreground')}>{formatDuration(row.durationMs)}</Td>
      <Td>
        <RequestStatus row={row} />
      </Td>
    </Tr>
  )
}

/** Two buckets of one side; unknown only when both are. */
function sum(first: number | null, second: number | null): number | null {
  return first === null && second === null ? null : (first ?? 0) + (second ?? 0)
}
