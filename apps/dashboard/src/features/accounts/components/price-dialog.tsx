import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Account, AccountModel, Repricing } from '../../../shared/api/types.ts'
import { isAmount } from '../../../shared/format/money.ts'
import { fromDateInput, toDateInput } from '../../../shared/format/time.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { useNow } from '../../../shared/hooks/use-now.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { Callout } from '../../../shared/ui/callout.tsx'
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

/**
 * A new price of one model on one account, from now on or from a day in the past: what was booked since then is
 * corrected, and how much that was is said before the dialog closes.
 */
export function PriceDialog(props: { account: Account; model: AccountModel; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { timeZone } = useFormat()
  const [values, setValues] = useState<Record<(typeof parts)[number], string>>({
    inputPerMillion: props.model.price?.inputPerMillion ?? '',
    cachedInputPerMillion: props.model.price?.cachedInputPerMillion ?? '',
    outputPerMillion: props.model.price?.outputPerMillion ?? '',
  })
  const [from, setFrom] = useState('')
  const today = toDateInput(useNow(), timeZone)
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
        ...(from === '' ? {} : { effectiveFrom: fromDateInput(from, timeZone) }),
      }),
    onSuccess: ({ requests, complete }) => {
      void client.invalidateQueries({ queryKey: ['accounts'] })
      if (requests === 0 && complete) return props.onClose()
      for (const queryKey of [['requests'], ['overview'], ['teams']]) {
        void client.invalidateQueries({ queryKey })
      }
    },
  })
  const title = t('price.of', { model: props.model.name })
  if (save.data !== undefined) {
    return (
      <Dialog open onOpenChange={props.onClose} title={title} className="max-w-md">
        <RepricedNote repricing={save.data} />
        <DialogFooter>
          <Button variant="primary" onClick={props.onClose}>
            {t('common.close')}
          </Button>
        </DialogFooter>
      </Dialog>
    )
  }
  return (
    <Dialog
      open
      onOpenChange={props.onClose}
      title={title}
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
        <Field
          label={t('price.effectiveFrom')}
          optional={t('common.optional')}
          hint={t(from !== '' && from <= today ? 'price.correctsHint' : 'price.fromNowHint')}
        >
          <Input
            type="date"
            data-testid="price-from"
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />
        </Field>
        <ErrorText error={save.error} />
        <DialogFooter className="mt-1">
          <Button onClick={props.onClose}>{t('common.cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            data-testid="price-save"
            busy={save.isPending}
            disabled={empty || wrong.length > 0}
          >
            {t('common.save')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

function RepricedNote({ repricing: { requests, complete } }: { repricing: Repricing }) {
  const { t } = useTranslation()
  return (
    <Callout tone="good" icon={CircleCheck} title={t('common.saved')} data-testid="price-repriced">
      {t('price.repriced', { count: requests })}
      {!complete && ` ${t('price.repricedMore')}`}
    </Callout>
  )
}
