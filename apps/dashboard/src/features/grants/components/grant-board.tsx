import { Link } from '@tanstack/react-router'
import { Gift } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Overview } from '../../../shared/api/types.ts'
import { useNow } from '../../../shared/hooks/use-now.ts'
import { ProviderMark } from '../../../shared/providers/provider-mark.tsx'
import { providerName } from '../../../shared/providers/providers.ts'
import { Count } from '../../../shared/ui/amount.tsx'
import { Button } from '../../../shared/ui/button.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Money } from '../../../shared/ui/money.tsx'
import { EmptyState } from '../../../shared/ui/states.tsx'
import { inSpendingOrder } from '../grant-outlook.ts'
import { GrantBar } from './grant-bar.tsx'

type ProviderUsage = Overview['providers'][number]

/** Grants in view before "show all": a platform may give one to each of forty models. */
const grantsInView = 3

/** Every platform with an account: what it was used for, and one bar for each of its grants. */
export function GrantBoard({ providers }: { providers: readonly ProviderUsage[] }) {
  const now = useNow(10_000)
  const rank = (usage: ProviderUsage) => (usage.grants.length === 0 ? 1 : 0)
  const ordered = [...providers].sort(
    (a, b) => rank(a) - rank(b) || b.totals.totalTokens - a.totals.totalTokens,
  )
  return (
    <div className="grid grid-cols-1 gap-3 xl:grid-cols-2">
      {ordered.map((usage) => (
        <ProviderGrants key={usage.provider} usage={usage} nowMs={now} />
      ))}
    </div>
  )
}

function ProviderGrants({ usage, nowMs }: { usage: ProviderUsage; nowMs: number }) {
  const { t, i18n } = useTranslation()
  const [all, setAll] = useState(false)
  const ordered = inSpendingOrder(usage.grants)
  const shown = all ? ordered : ordered.slice(0, grantsInView)
  return (
    <Card data-testid={`provider-grants-${usage.provider}`}>
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-3">
        <ProviderMark provider={usage.provider} />
        <h3 className="min-w-0 flex-1 basis-32 truncate font-semibold">
          {providerName(usage.provider, i18n.language)}
        </h3>
        <p className="text-xs whitespace-nowrap text-muted-foreground">
          <Count value={usage.totals.totalTokens} /> {t('unit.tokens')} ·{' '}
          <Money amount={usage.totals.billedCost} />
          {' · '}
          <span className="text-success-foreground">
            {t('overview.savedShort')} <Money amount={usage.totals.saved} />
          </span>
        </p>
      </header>
      {shown.length === 0 ? (
        <EmptyState icon={Gift} title={t('grant.noneTitle')} className="py-7">
          {t('grant.noneText')}{' '}
          <Link to="/providers" className="text-brand hover:underline">
            {t('grant.record')}
          </Link>
        </EmptyState>
      ) : (
        <div className="grid grid-cols-1 content-start gap-4 px-4 py-3.5">
          {shown.map((grant) => (
            <GrantBar key={grant.id} grant={grant} nowMs={nowMs} />
          ))}
          {ordered.length > grantsInView && (
            <Button
              size="sm"
              variant="ghost"
              className="-my-1 justify-self-center text-muted-foreground"
              onClick={() => setAll(!all)}
            >
              {all ? t('common.showLess') : t('grant.showAll', { count: ordered.length })}
            </Button>
          )}
        </div>
      )}
    </Card>
  )
}
