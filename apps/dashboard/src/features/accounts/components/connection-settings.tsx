import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Account } from '../../../shared/api/types.ts'
import { usePermissions } from '../../../shared/session/session.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { ConnectionDialog } from './connection-dialog.tsx'

/** How an account reaches its platform; credentials are shown masked and can only be replaced. */
export function ConnectionSettings({ account }: { account: Account }) {
  const { t } = useTranslation()
  const { administer } = usePermissions()
  const [editing, setEditing] = useState(false)
  const rows: [string, string][] = [
    [t('account.protocol'), account.protocol],
    [t('account.baseUrl'), account.baseUrl ?? t('account.defaultAddress')],
    ...Object.entries(account.credentials),
    ...Object.entries(account.options),
  ]
  return (
    <div className="p-4 sm:p-5">
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2.5 text-[13px]">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted-foreground">{name}</dt>
            <dd className="font-mono break-all">{value}</dd>
          </div>
        ))}
      </dl>
      {administer && account.origin === 'api' && (
        <Button size="sm" className="mt-5" onClick={() => setEditing(true)}>
          {t('account.editConnection')}
        </Button>
      )}
      {account.origin === 'yaml' && (
        <p className="mt-4 text-[13px] text-muted-foreground">{t('common.fromYaml')}</p>
      )}
      {editing && <ConnectionDialog account={account} onClose={() => setEditing(false)} />}
    </div>
  )
}
