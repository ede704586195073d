import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldErrors } from '../../../shared/api/api-error.ts'
import type { Grant } from '../../../shared/api/types.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { AmountInput } from '../../../shared/ui/amount-input.tsx'
import { Button } from '../../../shared/ui/button.tsx'
import { Dialog, DialogFooter } from '../../../shared/ui/dialog.tsx'
import { ErrorText } from '../../../shared/ui/error-text.tsx'
import { Field } from '../../../shared/ui/field.tsx'
import { Input, Select } from '../../../shared/ui/input.tsx'
import { showToast } from '../../../shared/ui/toast.tsx'
import { createGrant, updateGrant } from '../api/grants.ts'
import {
  grantCalls,
  grantUnits,
  grantWindows,
  initialGrantValues,
  isGrantComplete,
  toGrantInput,
  toGrantPatch,
  type GrantFormValues,
} from '../grant-form.ts'

/** Records a free quota by hand, or changes one. Its size changes by adjustment only, so that the history stays true. */
export function GrantFormDialog(props: { account: string; grant?: Grant; onClose: () => void }) {
  const { t } = useTranslation()
  const { timeZone } = useFormat()
  const client = useQueryClient()
  const { grant } = props
  const [values, setValues] = useState<GrantFormValues>(() => initialGrantValues(grant, timeZone))
  const change = (part: Partial<GrantFormValues>) => setValues((before) => ({ ...before, ...part }))
  const complete = isGrantComplete(values)
  const save = useMutation({
    mutationFn: () =>
      grant === undefined
        ? createGrant(toGrantInput(props.account, values, timeZone))
        : updateGrant(grant.id, toGrantPatch(values, timeZone)),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['grants'] })
      showToast(t('common.saved'))
      props.onClose()
    },
  })
  const errors = fieldErrors(save.error)
  return (
    <Dialog
      open
      onOpenChange={props.onClose}
      title={grant === undefined ? t('grant.add') : t('grant.editOf', { name: grant.name })}
    >
      <form
        className="grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault()
          if (complete) save.mutate()
        }}
      >
        <Field
          label={t('grant.models')}
          hint={t('grant.modelsHint')}
          error={errors.get('models')}
          className="sm:col-span-2"
        >
          <Input
            value={values.models}
            placeholder="qwen-plus, qwen3-*"
            className="font-mono text-[13px]"
            onChange={(event) => change({ models: event.target.value })}
          />
        </Field>
        <Field label={t('grant.name')} optional={t('common.optional')} error={errors.get('name')}>
          <Input value={values.name} onChange={(event) => change({ name: event.target.value })} />
        </Field>
        <Field label={t('grant.window')} error={errors.get('window')}>
          <Select
            value={values.window}
            onChange={(event) =>
              change({ window: grantWindows.find((each) => each === event.target.value) ?? 'once' })
            }
          >
            {grantWindows.map((window) => (
              <option key={window} value={window}>
                {t(`grant.windows.${window}`)}
              </option>
            ))}
          </Select>
        </Field>
        {grant === undefined && (
          <>
            <Field label={t('grant.amount')} error={errors.get('amount')}>
              <AmountInput
                className="tabular-nums"
                value={values.amount}
                onValue={(next) => change({ amount: next })}
              />
            </Field>
            <Field label={t('grant.unit')}>
              <Select
                value={values.unit}
                onChange={(event) =>
                  change({ unit: grantUnits.find((each) => each === event.target.value) ?? 'tokens' })
                }
              >
                {grantUnits.map((unit) => (
                  <option key={unit} value={unit}>
                    {t(`grant.units.${unit}`)}
                  </option>
                ))}
              </Select>
            </Field>
          </>
        )}
        <Field label={t('grant.validFrom')} error={errors.get('validFrom')}>
          <Input
            type="date"
            value={values.validFrom}
            onChange={(event) => change({ validFrom: event.target.value })}
          />
        </Field>
        <Field label={t('grant.expiresAt')} optional={t('common.optional')} error={errors.get('expiresAt')}>
          <Input
            type="date"
            value={values.expiresAt}
            onChange={(event) => change({ expiresAt: event.target.value })}
          />
        </Field>
        <Field label={t('grant.covers')} error={errors.get('covers')} className="sm:col-span-2">
          <Select
            value={values.covers}
            onChange={(event) =>
              change({ covers: grantCalls.find((each) => each === event.target.value) ?? '' })
            }
          >
            <option value="">{t('grant.coversAll')}</option>
            {grantCalls.map((call) => (
              <option key={call} value={call}>
                {t(`grant.coversOnly.${call}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field
          label={t('grant.whenEmpty')}
          hint={t(`grant.whenEmptyHint.${values.whenEmpty}`)}
          className="sm:col-span-2"
        >
          <Select
            value={values.whenEmpty}
            onChange={(event) =>
              change({
                whenEmpty: event.target.value === 'provider-bills' ? 'provider-bills' : 'provider-stops',
              })
            }
          >
            <option value="provider-stops">{t('grant.whenEmptyValue.provider-stops')}</option>
            <option value="provider-bills">{t('grant.whenEmptyValue.provider-bills')}</option>
          </Select>
        </Field>
        <Field label={t('grant.note')} optional={t('common.optional')} className="sm:col-span-2">
          <Input value={values.note} onChange={(event) => change({ note: event.target.value })} />
        </Field>
        <ErrorText error={save.error} className="sm:col-span-2" />
        <DialogFooter className="mt-1 sm:col-span-2">
          <Button onClick={props.onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" busy={save.isPending} disabled={!complete}>
            {t('common.save')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
