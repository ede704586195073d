import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Quota } from '../../../shared/api/types.ts'
import { AmountInput } from '../../../shared/ui/amount-input.tsx'
import { Button } from '../../../shared/ui/button.tsx'
import { Dialog, DialogFooter } from '../../../shared/ui/dialog.tsx'
import { ErrorText } from '../../../shared/ui/error-text.tsx'
import { Field } from '../../../shared/ui/field.tsx'
import { Input, Select } from '../../../shared/ui/input.tsx'
import { showToast } from '../../../shared/ui/toast.tsx'
import { createQuota, membersQuery, updateQuota } from '../api/teams.ts'
import { emptyQuota, isLimit, mayBeBounded, toQuotaInput, type QuotaFormValues } from '../quota-form.ts'
import { QuotaPromiseFields } from './quota-promise-fields.tsx'
import { QuotaRowFields } from './quota-row-fields.tsx'

/** A new limit, or another figure for one. What a limit counts cannot change: its counter would mean something else. */
export function QuotaDialog(props: { team: string; quota?: Quota; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { quota } = props
  const members = useQuery({ ...membersQuery(props.team), enabled: quota === undefined })
  const [values, setValues] = useState<QuotaFormValues>(
    quota === undefined
      ? emptyQuota
      : {
          ...emptyQuota,
          metric: quota.metric,
          limit: String(quota.limit),
          hard: quota.hard,
          guarantee: quota.guarantee,
        },
  )
  const save = useMutation({
    mutationFn: () =>
      quota === undefined
        ? createQuota(props.team, toQuotaInput(values))
        : updateQuota(quota.id, {
            limit: quota.metric === 'cost' ? values.limit : Number(values.limit),
            hard: values.hard,
            ...(mayBeBounded(quota.metric) ? { guarantee: values.guarantee } : {}),
          }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['teams'] })
      showToast(t('common.saved'))
      props.onClose()
    },
  })
  return (
    <Dialog open onOpenChange={props.onClose} title={t(quota === undefined ? 'quota.add' : 'quota.edit')}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (isLimit(values)) save.mutate()
        }}
      >
        {quota === undefined ? (
          <>
            <QuotaRowFields values={values} onChange={setValues} />
            <div className="grid gap-4 sm:grid-cols-2">
              <Field label={t('quota.model')} optional={t('common.optional')} hint={t('quota.modelHint')}>
                <Input
                  className="font-mono text-[13px]"
                  placeholder="qwen-*"
                  value={values.model}
                  onChange={(event) => setValues({ ...values, model: event.target.value })}
                />
              </Field>
              <Field label={t('quota.appliesTo')}>
                <Select
                  value={values.member}
                  onChange={(event) => setValues({ ...values, member: event.target.value })}
                >
                  <option value="">{t('quota.wholeTeam')}</option>
                  {members.data?.map(({ id, name }) => (
                    <option key={id} value={name}>
                      {name}
                    </option>
                  ))}
                </Select>
              </Field>
            </div>
          </>
        ) : (
          <Field
            label={t('quota.limit')}
            error={isLimit(values) ? undefined : t('common.notAnAmount')}
            hint={t(`quota.metric.${quota.metric}`)}
          >
            <AmountInput
              autoFocus
              className="tabular-nums"
              value={values.limit}
              onValue={(next) => setValues({ ...values, limit: next })}
            />
          </Field>
        )}
        <QuotaPromiseFields values={values} onChange={setValues} />
        <ErrorText error={save.error} />
        <DialogFooter className="mt-1">
          <Button onClick={props.onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" busy={save.isPending} disabled={!isLimit(values)}>
            {t('common.save')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
