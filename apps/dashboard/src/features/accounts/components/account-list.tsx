import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ReactNode } from 'react'
import type { Account } from '../../../shared/api/types.ts'
import { ProviderMark } from '../../../shared/providers/provider-mark.tsx'
import { providerName } from '../../../shared/providers/providers.ts'
import { usePermissions } from '../../../shared/session/session.ts'
import { Badge } from '../../../shared/ui/badge.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { AccountState } from './account-state.tsx'
import { AccountTestButton } from './account-test-button.tsx'

/** One card an account: what it is, whether it works, and (given by the page) what is left of its grants. */
export function AccountList(props: {
  accounts: readonly Account[]
  grantsOf: (account: string) => ReactNode
}) {
  const { t, i18n } = useTranslation()
  const { administer } = usePermissions()
  return (
    <div className="grid grid-cols-1 gap-3 xl:grid-cols-2">
      {props.accounts.map((account) => (
        <Card key={account.id} className="relative flex flex-col transition-colors hover:border-input">
          <div className="flex items-start gap-3 p-4">
            <ProviderMark provider={account.provider} className="size-9 text-base" />
            <div className="min-w-0 flex-1">
              <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <Link
                  to="/providers/$name"
                  params={{ name: account.name }}
                  className="font-semibold after:absolute after:inset-0 after:rounded-lg"
                >
                  {account.name}
                </Link>
                <AccountState account={account} />
                {account.origin === 'yaml' && <Badge tone="outline">tollgate.yaml</Badge>}
              </div>
              <p className="mt-0.5 truncate text-[13px] text-muted-foreground">
                {providerName(account.provider, i18n.language)} · {account.protocol} ·{' '}
                {t('account.modelCount', { count: account.models.filter(({ enabled }) => enabled).length })}
              </p>
              {account.state !== 'ok' && account.stateMessage !== null && (
                <p className="mt-1 line-clamp-2 text-xs text-danger">{account.stateMessage}</p>
              )}
            </div>
            {administer && (
              <div className="relative z-10">
                <AccountTestButton name={account.name} />
              </div>
            )}
          </div>
          <div className="mt-auto border-t px-4 py-3">{props.grantsOf(account.name)}</div>
        </Card>
      ))}
    </div>
  )
}
