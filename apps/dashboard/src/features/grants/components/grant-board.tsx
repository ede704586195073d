import { Link } from '@tanstack/react-router'
import { Gift } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Overview } from '../../../shared/api/types.ts'
import { useNow } from '../../../shared/hooks/use-now.ts'
import { ProviderMark } from '../../../shared/providers/provider-mark.tsx'
import { providerName } from '../../../shared/providers/providers.ts'
import { Count } from '../../../shared/ui/amount.tsx'
import { cn } from '../../../shared/ui/cn.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Money } from '../../../shared/ui/money.tsx'
import { inSpendingOrder } from '../grant-outlook.ts'
import { GrantBar } from './grant-bar.tsx'

type ProviderUsage = Overview['providers'][number]

/** Grants in view before "show all": a platform may give one to each of forty models. */
const grantsInView = 3

/** Every platform with an account: what it was used for, and one bar for each of its grants. */
export function GrantBoard({ providers }: { providers: readonly ProviderUsage[] }) {
  const now = useNow(10_000)
  const ordered = [...providers].sort((a, b) => b.totals.totalTokens - a.totals.totalTokens)
  const withGrants = ordered.filter(({ grants }) => grants.length > 0)
  const without = ordered.filter(({ grants }) => grants.length === 0)
  return (
    <div className={cn('grid gap-3', withGrants.length > 1 && 'xl:grid-cols-2')}>
      {withGrants.map((usage) => (
        <ProviderGrants key={usage.provider} usage={usage} nowMs={now} />
      ))}
      {without.length > 0 && (
        <ProvidersWithoutGrants
          providers={without}
          className={cn(withGrants.length > 1 && 'xl:col-span-2')}
        />
      )}
    </div>
  )
}

function ProviderGrants({ usage, nowMs }: { usage: ProviderUsage; nowMs: number }) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const ordered = inSpendingOrder(usage.grants)
  const shown = all ? ordered : ordered.slice(0, grantsInView)
  return (
    <Card data-testid={`provider-grants-${usage.provider}`}>
      <ProviderLine usage={usage} className="border-b px-4 py-3" />
      <div className="grid content-start gap-4 px-4 py-3.5">
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
    </Card>
  )
}

/** Platforms that cost money from the first token on, as far as anybody told. */
function ProvidersWithoutGrants({
  providers,
  className,
}: {
  providers: readonly ProviderUsage[]
  className: string
}) {
  const { t } = useTranslation()
  return (
    <Card className={className}>
      <div className="divide-y">
        {providers.map((usage) => (
          <ProviderLine key={usage.provider} usage={usage} className="px-4 py-2.5" />
        ))}
      </div>
      <p className="flex items-start gap-2 border-t px-4 py-2.5 text-[13px] text-muted-foreground">
        <Gift className="mt-0.5 size-4 shrink-0" aria-hidden />
        <span>
          {t('grant.noneTitle')} · {t('grant.noneText')}{' '}
          <Link to="/providers" className="text-brand hover:underline">
            {t('grant.record')}
          </Link>
        </span>
      </p>
    </Card>
  )
}

function ProviderLine({ usage, className }: { usage: ProviderUsage; className: string }) {
  const { t, i18n } = useTranslation()
  return (
    <header className={cn('flex flex-wrap items-center gap-x-3 gap-y-1', className)}>
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
  )
}
