import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Account, AccountModel } from '../../../shared/api/types.ts'
import { isAmount } from '../../../shared/format/money.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { Dialog, DialogFooter } from '../../../shared/ui/dialog.tsx'
import { ErrorText } from '../../../shared/ui/error-text.tsx'
import { Field } from '../../../shared/ui/field.tsx'
import { Input } from '../../../shared/ui/input.tsx'
import { createPrice } from '../api/accounts.ts'

const parts = ['inputPerMillion', 'cachedInputPerMillion', 'outputPerMillion'] as const
const labels = {
  inputPerMillion: 'price.input',
  cachedInputPerMillion: 'price.cached',
  outputPerMillion: 'price.output',
} as const

/** A new price of one model on one account, from now on; what was booked before keeps its price. */
export function PriceDialog(props: { account: Account; model: AccountModel; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [values, setValues] = useState<Record<(typeof parts)[number], string>>({
    inputPerMillion: props.model.price?.inputPerMillion ?? '',
    cachedInputPerMillion: props.model.price?.cachedInputPerMillion ?? '',
    outputPerMillion: props.model.price?.outputPerMillion ?? '',
  })
  const wrong = parts.filter((part) => values[part] !== '' && !isAmount(values[part]))
  const empty = parts.every((part) => values[part] === '')
  const save = useMutation({
    mutationFn: () =>
      createPrice({
        account: props.account.name,
        offering: props.model.name,
        price: Object.fromEntries(
          parts.filter((part) => values[part] !== '').map((part) => [part, values[part]]),
        ),
      }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['accounts'] })
      props.onClose()
    },
  })
  return (
    <Dialog
      open
      onOpenChange={props.onClose}
      title={t('price.of', { model: props.model.name })}
      description={t('price.dialogText')}
      className="max-w-md"
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (wrong.length === 0 && !empty) save.mutate()
        }}
      >
        {parts.map((part) => (
          <Field
            key={part}
            label={t(labels[part])}
            error={wrong.includes(part) ? t('common.notAnAmount') : undefined}
          >
            <Input
              inputMode="decimal"
              value={values[part]}
              onChange={(event) => setValues({ ...values, [part]: event.target.value.trim() })}
            />
          </Field>
        ))}
        <ErrorText error={save.error} />
        <DialogFooter className="mt-1">
          <Button onClick={props.onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" busy={save.isPending} disabled={empty || wrong.length > 0}>
            {t('common.save')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
