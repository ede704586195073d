import { MoveRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RequestDetail } from '../../../shared/api/types.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { useActorName } from '../../../shared/session/use-actor-name.ts'
import { Money } from '../../../shared/ui/money.tsx'
import { costSteps } from '../cost-steps.ts'

/** What was corrected after the request had been booked: the costs before and after, why, and by whom. */
export function RequestAdjustments({ row }: { row: RequestDetail }) {
  const { t } = useTranslation()
  const format = useFormat()
  const nameOf = useActorName()
  return (
    <ol className="grid divide-y" data-testid="request-adjustments">
      {costSteps(row).map(({ adjustment, listCost, billedCost }, index) => (
        <li key={index} className="grid gap-1 px-3 py-2">
          <span className="flex flex-wrap justify-between gap-x-3">
            <span className="font-medium">{t(`request.adjustmentKind.${adjustment.kind}`)}</span>
            <span className="text-xs text-muted-foreground">
              {format.dateTime(adjustment.createdAt)} · {nameOf(adjustment.actor)}
            </span>
          </span>
          <Change label={t('request.listCost')} {...listCost} />
          <Change label={t('request.billed')} {...billedCost} />
          <span className="text-xs break-words text-muted-foreground">{adjustment.reason}</span>
        </li>
      ))}
    </ol>
  )
}

function Change(props: { label: string; before: string | null; after: string | null }) {
  return (
    <span className="flex items-center justify-between gap-4">
      <span className="text-muted-foreground">{props.label}</span>
      <span className="flex items-center gap-1.5">
        <Money amount={props.before} className="text-muted-foreground" />
        <MoveRight className="size-3.5 text-muted-foreground" aria-hidden />
        <Money amount={props.after} />
      </span>
    </span>
  )
}
