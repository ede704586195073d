import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Grant } from '../../../shared/api/types.ts'
import { isAmount } from '../../../shared/format/money.ts'
import { AmountInput } from '../../../shared/ui/amount-input.tsx'
import { Amount, useUnitName } from '../../../shared/ui/amount.tsx'
import { Button } from '../../../shared/ui/button.tsx'
import { Dialog, DialogFooter } from '../../../shared/ui/dialog.tsx'
import { ErrorText } from '../../../shared/ui/error-text.tsx'
import { Field } from '../../../shared/ui/field.tsx'
import { Input } from '../../../shared/ui/input.tsx'
import { Segmented } from '../../../shared/ui/segmented.tsx'
import { showToast } from '../../../shared/ui/toast.tsx'
import { addGrantEntry } from '../api/grants.ts'

/** "The console says n left", or "n more were given": an entry in the books of the grant, with its reason. */
export function GrantAdjustDialog({ grant, onClose }: { grant: Grant; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const unitName = useUnitName()
  const [mode, setMode] = useState<'left' | 'credit'>('left')
  const [amount, setAmount] = useState('')
  const [reason, setReason] = useState('')
  const valid = grant.unit === 'money' ? isAmount(amount) : /^\d{1,15}$/.test(amount)
  const save = useMutation({
    mutationFn: () => {
      const value = grant.unit === 'money' ? amount : Number(amount)
      return addGrantEntry(grant.id, {
        ...(mode === 'left' ? { left: value } : { credit: value }),
        ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      })
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['grants'] })
      void client.invalidateQueries({ queryKey: ['overview'] })
      showToast(t('grant.adjusted'))
      onClose()
    },
  })
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('grant.adjustOf', { name: grant.name })}
      className="max-w-md"
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (valid) save.mutate()
        }}
      >
        <Segmented
          label={t('grant.adjust')}
          value={mode}
          onChange={setMode}
          segments={[
            { value: 'left', label: t('grant.adjustLeft') },
            { value: 'credit', label: t('grant.adjustCredit') },
          ]}
          className="justify-self-start"
        />
        <Field
          label={`${t(mode === 'left' ? 'grant.leftNow' : 'grant.creditAmount')} ${unitName(grant.unit) && `(${unitName(grant.unit)})`}`}
          error={amount !== '' && !valid ? t('common.notAnAmount') : undefined}
          hint={
            <>
              {t('grant.weCount')} <Amount value={grant.left} currency={grant.currency} exact />
              {mode === 'left' && grant.window !== 'once' && ` · ${t('grant.adjustLapses')}`}
            </>
          }
        >
          <AmountInput
            autoFocus
            className="tabular-nums"
            value={amount}
            onValue={(next) => setAmount(next)}
          />
        </Field>
        <Field label={t('grant.reason')} optional={t('common.optional')}>
          <Input value={reason} onChange={(event) => setReason(event.target.value)} />
        </Field>
        <ErrorText error={save.error} />
        <DialogFooter className="mt-1">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" busy={save.isPending} disabled={!valid}>
            {t('common.save')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
