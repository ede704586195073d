import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldErrors } from '../../../shared/api/api-error.ts'
import type { Account } from '../../../shared/api/types.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { Dialog, DialogFooter } from '../../../shared/ui/dialog.tsx'
import { ErrorText } from '../../../shared/ui/error-text.tsx'
import { Field } from '../../../shared/ui/field.tsx'
import { Input } from '../../../shared/ui/input.tsx'
import { showToast } from '../../../shared/ui/toast.tsx'
import { catalogueQuery, updateAccount } from '../api/accounts.ts'
import { readConnectionChange, type ConnectionValues } from '../connection-change.ts'
import { CredentialFields } from './credential-fields.tsx'
import { AdvancedOptions } from './option-fields.tsx'

/** Another address, other credentials or options for an account. Its protocol stays: another one is another account. */
export function ConnectionDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const catalogue = useQuery(catalogueQuery)
  const protocol = catalogue.data?.providers
    .find(({ provider }) => provider === account.provider)
    ?.protocols.find((each) => each.protocol === account.protocol)
  const [values, setValues] = useState<ConnectionValues>({
    baseUrl: account.baseUrl ?? '',
    way: '',
    credentials: {},
    options: account.options,
  })
  const [showMissing, setShowMissing] = useState(false)
  const { ways, way, moved, missing, patch } = readConnectionChange(account, protocol, values)
  const change = (part: Partial<ConnectionValues>) => setValues((before) => ({ ...before, ...part }))
  const save = useMutation({
    mutationFn: () => updateAccount(account.name, patch),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['accounts'] })
      showToast(t('common.saved'))
      onClose()
    },
  })
  const errors = fieldErrors(save.error)
  const errorOf = (name: string) =>
    errors.get(name) ?? (showMissing && missing.has(name) ? t('common.required') : undefined)
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
          setShowMissing(true)
          if (missing.size === 0) save.mutate()
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
            value={values.baseUrl}
            onChange={(event) => change({ baseUrl: event.target.value })}
          />
        </Field>
        <CredentialFields
          ways={ways}
          way={way}
          onWay={(id) => change({ way: id })}
          values={values.credentials}
          onChange={(credentials) => change({ credentials })}
          errorOf={errorOf}
        />
        <AdvancedOptions
          key={protocol?.protocol}
          options={protocol?.options ?? []}
          values={values.options}
          onChange={(options) => change({ options })}
          errorOf={errorOf}
        />
        <ErrorText error={save.error} />
        <DialogFooter className="mt-1">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            data-testid="connection-save"
            busy={save.isPending}
            disabled={Object.keys(patch).length === 0}
          >
            {t('common.save')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
