import { Search } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { GrantProposal } from '../../../shared/api/types.ts'
import { Checkbox } from '../../../shared/ui/checkbox.tsx'
import { Input } from '../../../shared/ui/input.tsx'
import type { GrantSelection } from '../grant-selection.ts'
import { GrantProposalRow, proposalColumns } from './grant-proposal-row.tsx'

/** What the platform gives away, row by row, to be ticked and corrected by a person who looks at its console. */
export function GrantProposals(props: { proposals: readonly GrantProposal[]; selection: GrantSelection }) {
  const { t } = useTranslation()
  const { proposals, selection } = props
  const [search, setSearch] = useState('')
  const [startAll, setStartAll] = useState('')
  const wanted = search.trim().toLowerCase()
  const shown = proposals.flatMap((proposal, index) =>
    `${proposal.name} ${proposal.models.join(' ')}`.toLowerCase().includes(wanted) ? [index] : [],
  )
  const open = shown.filter((index) => proposals[index]?.exists === false)
  const ticked = open.filter((index) => selection.choices[index]?.selected === true).length
  return (
    <div className="overflow-hidden rounded-lg border bg-card">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b bg-muted/40 px-3 py-2.5 text-[13px]">
        <label className="flex items-center gap-2 font-medium">
          <Checkbox
            data-testid="grant-all"
            checked={ticked === 0 ? false : ticked === open.length ? true : 'indeterminate'}
            disabled={open.length === 0}
            onCheckedChange={() => selection.select(open, ticked < open.length)}
          />
          {t('wizard.grants.selected', { count: ticked, total: open.length })}
        </label>
        <label className="flex items-center gap-2">
          <span className="text-muted-foreground">{t('wizard.grants.startAll')}</span>
          <Input
            type="date"
            className="h-8 w-38"
            data-testid="grant-start-all"
            value={startAll}
            onChange={(event) => {
              setStartAll(event.target.value)
              if (event.target.value !== '') selection.startAllOn(event.target.value)
            }}
          />
        </label>
        {proposals.length > 8 && (
          <div className="relative ml-auto w-full sm:w-56">
            <Search className="absolute top-2 left-2.5 size-4 text-muted-foreground" aria-hidden />
            <Input
              className="h-8 pl-8"
              placeholder={t('account.searchModels')}
              aria-label={t('account.searchModels')}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          </div>
        )}
      </div>
      <div
        className={`hidden border-b px-3 py-2 text-xs font-medium text-muted-foreground ${proposalColumns}`}
      >
        <span className="pl-6.5">{t('grant.models')}</span>
        <span>{t('grant.amount')}</span>
        <span>{t('grant.validFrom')}</span>
        <span>{t('grant.expiresAt')}</span>
        <span>{t('grant.whenEmpty')}</span>
      </div>
      <div className="max-h-[30rem] divide-y overflow-y-auto">
        {shown.map((index) => {
          const proposal = proposals[index]
          const choice = selection.choices[index]
          if (proposal === undefined || choice === undefined) return null
          return (
            <GrantProposalRow
              key={proposal.name}
              index={index}
              proposal={proposal}
              choice={choice}
              selection={selection}
            />
          )
        })}
        {shown.length === 0 && (
          <p className="px-4 py-8 text-center text-[13px] text-muted-foreground">{t('common.noMatch')}</p>
        )}
      </div>
    </div>
  )
}
