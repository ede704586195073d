import { useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { GrantProposal } from '../../../shared/api/types.ts'
import { AmountInput } from '../../../shared/ui/amount-input.tsx'
import { useUnitName } from '../../../shared/ui/amount.tsx'
import { Badge } from '../../../shared/ui/badge.tsx'
import { Checkbox } from '../../../shared/ui/checkbox.tsx'
import { cn } from '../../../shared/ui/cn.ts'
import { Input, Select } from '../../../shared/ui/input.tsx'
import type { GrantSelection, ProposalChoice } from '../grant-selection.ts'
import { GrantConfidence } from './grant-confidence.tsx'

/** Columns of a row on a wide screen; on a phone a row is a small card. */
export const proposalColumns =
  'lg:grid lg:grid-cols-[minmax(9rem,1fr)_9.5rem_8.75rem_8.75rem_9.5rem] lg:items-center lg:gap-x-3'

export function GrantProposalRow(props: {
  index: number
  proposal: GrantProposal
  choice: ProposalChoice
  selection: GrantSelection
}) {
  const { t } = useTranslation()
  const id = useId()
  const unitName = useUnitName()
  const { index, proposal, choice, selection } = props
  const off = proposal.exists || !choice.selected
  const models = proposal.models.join(', ')
  return (
    <div
      data-testid={`grant-row-${index}`}
      data-grant-name={proposal.name}
      className={cn('grid grid-cols-2 gap-2.5 px-3 py-2.5', proposalColumns, off && 'bg-muted/25')}
    >
      <div className="col-span-2 flex min-w-0 items-start gap-2.5 lg:col-span-1">
        <Checkbox
          id={id}
          data-testid="grant-confirm"
          className="mt-0.5"
          checked={proposal.exists || choice.selected}
          disabled={proposal.exists}
          aria-label={proposal.name}
          onCheckedChange={(checked) => selection.change(index, { selected: checked === true })}
        />
        <div className="min-w-0">
          <label htmlFor={id} className="block text-[13px] font-medium break-all">
            {proposal.name}
          </label>
          {models !== proposal.name && (
            <p className="line-clamp-2 text-xs break-all text-muted-foreground" title={models}>
              {models}
            </p>
          )}
          <div className="mt-1 flex flex-wrap items-center gap-1">
            <GrantConfidence
              confidence={proposal.confidence}
              note={proposal.note}
              {...(proposal.sources.length === 0 ? {} : { source: proposal.sources.join('; ') })}
            />
            {proposal.window !== 'once' && (
              <Badge tone="outline">{t(`grant.windows.${proposal.window}`)}</Badge>
            )}
            {proposal.exists && <Badge tone="good">{t('wizard.grants.exists')}</Badge>}
          </div>
        </div>
      </div>
      <Labelled text={t('grant.amount')}>
        <span className="relative block">
          <AmountInput
            data-testid="grant-amount"
            className="h-8 pr-14 text-right text-[13px] tabular-nums"
            aria-label={t('grant.amount')}
            aria-invalid={selection.wrong.has(index)}
            disabled={off}
            value={choice.amount}
            onValue={(next) => selection.change(index, { amount: next })}
          />
          <span className="pointer-events-none absolute inset-y-0 right-2 flex w-11 items-center text-xs text-muted-foreground">
            <span className="truncate">{proposal.unit === 'money' ? 'CNY' : unitName(proposal.unit)}</span>
          </span>
        </span>
      </Labelled>
      <Labelled text={t('grant.whenEmpty')} className="lg:order-last">
        <Select
          className="[&_select]:h-8 [&_select]:text-[13px]"
          aria-label={t('grant.whenEmpty')}
          disabled={off}
          value={choice.whenEmpty}
          onChange={(event) =>
            selection.change(index, {
              whenEmpty: event.target.value === 'provider-bills' ? 'provider-bills' : 'provider-stops',
            })
          }
        >
          <option value="provider-stops">{t('grant.whenEmptyShort.provider-stops')}</option>
          <option value="provider-bills">{t('grant.whenEmptyShort.provider-bills')}</option>
        </Select>
      </Labelled>
      <Labelled text={t('grant.validFrom')}>
        <Input
          type="date"
          className="h-8 px-2 text-[13px]"
          aria-label={t('grant.validFrom')}
          disabled={off}
          value={choice.starts}
          onChange={(event) => selection.startOn(index, event.target.value)}
        />
      </Labelled>
      <Labelled text={t('grant.expiresAt')}>
        <Input
          type="date"
          className="h-8 px-2 text-[13px]"
          aria-label={t('grant.expiresAt')}
          disabled={off}
          value={choice.expires}
          onChange={(event) => selection.change(index, { expires: event.target.value })}
        />
      </Labelled>
    </div>
  )
}

/** The column's title, where there are no columns. */
function Labelled(props: { text: string; className?: string; children: ReactNode }) {
  return (
    <div className={cn('min-w-0', props.className)}>
      <span className="mb-1 block text-xs text-muted-foreground lg:hidden">{props.text}</span>
      {props.children}
    </div>
  )
}
