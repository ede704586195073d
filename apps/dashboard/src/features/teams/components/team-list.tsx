import { Link } from '@tanstack/react-router'
import { KeyRound, Users } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Quota, Team } from '../../../shared/api/types.ts'
import { Badge } from '../../../shared/ui/badge.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { percentOf } from '../../../shared/ui/usage-bar.tsx'
import { QuotaBar } from './quota-bar.tsx'

/** Quotas in view on a card: those nearest to their limit. */
const quotasInView = 3

export function TeamList({ teams }: { teams: readonly Team[] }) {
  const { t } = useTranslation()
  return (
    <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-2">
      {teams.map((team) => (
        <Card key={team.id} className="relative transition-colors hover:border-input">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-3">
            <Link
              to="/teams/$name"
              params={{ name: team.name }}
              className="min-w-0 truncate font-semibold after:absolute after:inset-0 after:rounded-lg"
            >
              {team.name}
            </Link>
            {!team.enabled && <Badge>{t('account.disabled')}</Badge>}
            {team.origin === 'yaml' && <Badge tone="outline">tollgate.yaml</Badge>}
            <span className="ml-auto flex items-center gap-3 text-xs text-muted-foreground tabular-nums">
              <span className="flex items-center gap-1">
                <Users className="size-3.5" aria-hidden />
                {t('member.count', { count: team.memberCount })}
              </span>
              <span className="flex items-center gap-1">
                <KeyRound className="size-3.5" aria-hidden />
                {t('key.count', { count: team.keyCount })}
              </span>
            </span>
          </div>
          <div className="grid grid-cols-1 gap-3.5 px-4 py-3.5">
            {team.quotas.length === 0 && (
              <p className="text-[13px] text-warning-foreground">{t('quota.noneWarning')}</p>
            )}
            {nearestToLimit(team.quotas).map((quota) => (
              <QuotaBar key={quota.id} quota={quota} />
            ))}
            {team.quotas.length > quotasInView && (
              <p className="text-xs text-muted-foreground">
                {t('quota.more', { count: team.quotas.length - quotasInView })}
              </p>
            )}
          </div>
        </Card>
      ))}
    </div>
  )
}

function nearestToLimit(quotas: readonly Quota[]): Quota[] {
  const fill = (quota: Quota) => percentOf(quota.settled, quota.limit) + percentOf(quota.held, quota.limit)
  return [...quotas].sort((a, b) => fill(b) - fill(a)).slice(0, quotasInView)
}
