import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldErrors } from '../../../shared/api/api-error.ts'
import type { Account, AccountPatch } from '../../../shared/api/types.ts'
import { usePermissions } from '../../../shared/session/session.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { Dialog, DialogFooter } from '../../../shared/ui/dialog.tsx'
import { ErrorText } from '../../../shared/ui/error-text.tsx'
import { Field } from '../../../shared/ui/field.tsx'
import { Input } from '../../../shared/ui/input.tsx'
import { showToast } from '../../../shared/ui/toast.tsx'
import { catalogueQuery, updateAccount } from '../api/accounts.ts'
import { CredentialFields } from './credential-fields.tsx'

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

function ConnectionDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const catalogue = useQuery(catalogueQuery)
  const protocol = catalogue.data?.providers
    .find(({ provider }) => provider === account.provider)
    ?.protocols.find((each) => each.protocol === account.protocol)
  const [baseUrl, setBaseUrl] = useState(account.baseUrl ?? '')
  const [credentials, setCredentials] = useState<Readonly<Record<string, string>>>({})
  const entered = Object.entries(credentials).filter(([, value]) => value.trim() !== '')
  const moved = baseUrl.trim() !== (account.baseUrl ?? '')
  const save = useMutation({
    mutationFn: () => {
      const patch: AccountPatch = {
        ...(moved ? { baseUrl: baseUrl.trim() } : {}),
        ...(entered.length === 0
          ? {}
          : { credentials: Object.fromEntries(entered.map(([name, value]) => [name, value.trim()])) }),
      }
      return updateAccount(account.name, patch)
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['accounts'] })
      showToast(t('common.saved'))
      onClose()
    },
  })
  const errors = fieldErrors(save.error)
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('account.editConnection')}
      description={t('account.editConnectionText')}
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Field
          label={t('account.baseUrl')}
          {...(moved ? { hint: t('account.movedHint') } : {})}
          error={errors.get('baseUrl')}
        >
          <Input
            className="font-mono text-[13px]"
            placeholder={protocol?.defaultBaseUrl ?? ''}
            value={baseUrl}
            onChange={(event) => setBaseUrl(event.target.value)}
          />
        </Field>
        <CredentialFields
          fields={protocol?.credentials ?? []}
          values={credentials}
          onChange={setCredentials}
          errorOf={(name) => errors.get(name)}
        />
        <ErrorText error={save.error} />
        <DialogFooter className="mt-1">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            busy={save.isPending}
            disabled={entered.length === 0 && (!moved || Object.keys(account.credentials).length > 0)}
          >
            {t('common.save')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
