import { CircleAlert, CircleCheck, CirclePause } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Account } from '../../../shared/api/types.ts'
import { Badge } from '../../../shared/ui/badge.tsx'

/** Whether an account can serve; the platform's words are in the tooltip. */
export function AccountState({ account }: { account: Pick<Account, 'enabled' | 'state' | 'stateMessage'> }) {
  const { t } = useTranslation()
  if (!account.enabled) {
    return (
      <Badge>
        <CirclePause aria-hidden />
        {t('account.disabled')}
      </Badge>
    )
  }
  if (account.state === 'ok') {
    return (
      <Badge tone="good">
        <CircleCheck aria-hidden />
        {t('account.state.ok')}
      </Badge>
    )
  }
  return (
    <Badge tone="danger" title={account.stateMessage ?? undefined}>
      <CircleAlert aria-hidden />
      {t(`account.state.${account.state}`)}
    </Badge>
  )
}
