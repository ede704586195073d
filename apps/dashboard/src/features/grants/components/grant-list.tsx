import { useQuery } from '@tanstack/react-query'
import { Gift, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Account } from '../../../shared/api/types.ts'
import { useNow } from '../../../shared/hooks/use-now.ts'
import { usePermissions } from '../../../shared/session/session.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { CardHeader } from '../../../shared/ui/card.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../../shared/ui/states.tsx'
import { grantsQuery } from '../api/grants.ts'
import { inSpendingOrder } from '../grant-outlook.ts'
import { GrantBar } from './grant-bar.tsx'
import { GrantFormDialog } from './grant-form-dialog.tsx'
import { GrantMenu } from './grant-menu.tsx'

/** All grants of an account, with everything that can be done to them. */
export function GrantList({ account }: { account: Pick<Account, 'name' | 'provider'> }) {
  const { t } = useTranslation()
  const { administer } = usePermissions()
  const grants = useQuery({ ...grantsQuery(account.name), refetchInterval: 5_000 })
  const now = useNow()
  const [adding, setAdding] = useState(false)
  const add = administer && (
    <Button size="sm" onClick={() => setAdding(true)} data-testid="grant-add">
      <Plus />
      {t('grant.add')}
    </Button>
  )
  return (
    <>
      <CardHeader
        title={t('grant.title')}
        description={t('grant.listText')}
        actions={add}
        className="border-b"
      />
      {grants.isPending && <SkeletonRows rows={4} />}
      {grants.isError && <ErrorState error={grants.error} onRetry={() => void grants.refetch()} />}
      {grants.data?.length === 0 && (
        <EmptyState icon={Gift} title={t('grant.noneTitle')} action={add}>
          {t('grant.noneText')}
        </EmptyState>
      )}
      <div className="divide-y">
        {inSpendingOrder(grants.data ?? []).map((grant) => (
          <GrantBar
            key={grant.id}
            grant={grant}
            nowMs={now}
            className="px-4 py-3.5 sm:px-5"
            actions={administer && <GrantMenu grant={grant} />}
          />
        ))}
      </div>
      {adding && <GrantFormDialog account={account.name} onClose={() => setAdding(false)} />}
    </>
  )
}
