import { useTranslation } from 'react-i18next'
import type { Grant } from '../../../shared/api/types.ts'
import { useNow } from '../../../shared/hooks/use-now.ts'
import { inSpendingOrder } from '../grant-outlook.ts'
import { GrantBar } from './grant-bar.tsx'

/** The next grant of an account to be spent, and how many more there are. */
export function GrantSummary({ grants }: { grants: readonly Grant[] }) {
  const { t } = useTranslation()
  const now = useNow()
  const [first, ...more] = inSpendingOrder(grants)
  if (first === undefined) {
    return <p className="text-[13px] text-muted-foreground">{t('grant.noneTitle')}</p>
  }
  return (
    <>
      <GrantBar grant={first} nowMs={now} />
      {more.length > 0 && (
        <p className="mt-2 text-xs text-muted-foreground">{t('grant.more', { count: more.length })}</p>
      )}
    </>
  )
}
