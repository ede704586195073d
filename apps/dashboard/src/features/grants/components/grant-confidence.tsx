import { BadgeCheck, CircleHelp, FileText, Users, type LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Grant } from '../../../shared/api/types.ts'
import { Badge, type BadgeTone } from '../../../shared/ui/badge.tsx'
import { Tooltip } from '../../../shared/ui/tooltip.tsx'

const looks: Readonly<Record<Grant['confidence'], { icon: LucideIcon; tone: BadgeTone }>> = {
  confirmed: { icon: BadgeCheck, tone: 'good' },
  documented: { icon: FileText, tone: 'accent' },
  'third-party': { icon: Users, tone: 'neutral' },
  brief: { icon: CircleHelp, tone: 'warning' },
}

/** How sure the size of a grant is, and where it comes from. */
export function GrantConfidence(props: {
  confidence: Grant['confidence']
  source?: string
  note?: string | null
}) {
  const { t } = useTranslation()
  const { icon: Icon, tone } = looks[props.confidence]
  return (
    <Tooltip
      label={
        <span className="grid gap-1">
          <span>{t(`grant.confidenceText.${props.confidence}`)}</span>
          {props.source !== undefined && (
            <span className="break-words opacity-75">{t('grant.source', { source: props.source })}</span>
          )}
          {props.note !== null && props.note !== undefined && (
            <span className="break-words opacity-75">{props.note}</span>
          )}
        </span>
      }
    >
      <Badge tone={tone} tabIndex={0} className="cursor-help">
        <Icon aria-hidden />
        {t(`grant.confidence.${props.confidence}`)}
      </Badge>
    </Tooltip>
  )
}
