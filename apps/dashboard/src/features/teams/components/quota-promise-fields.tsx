import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Checkbox } from '../../../shared/ui/checkbox.tsx'
import { Choice } from '../../../shared/ui/choice.tsx'
import { mayBeBounded, type QuotaFormValues } from '../quota-form.ts'

/** What a limit promises: whether it refuses, and if so whether it can ever be passed. */
export function QuotaPromiseFields(props: {
  values: QuotaFormValues
  onChange: (values: QuotaFormValues) => void
}) {
  const { t } = useTranslation()
  const hardId = useId()
  const { values, onChange } = props
  return (
    <>
      <div className="flex items-start gap-2.5 text-[13px]">
        <Checkbox
          id={hardId}
          className="mt-0.5"
          checked={values.hard}
          onCheckedChange={(checked) => onChange({ ...values, hard: checked === true })}
        />
        <label htmlFor={hardId}>
          <span className="font-medium">{t('quota.hard')}</span>
          <span className="block text-xs text-muted-foreground">{t('quota.hardHint')}</span>
        </label>
      </div>
      {values.hard && mayBeBounded(values.metric) && (
        <Choice
          label={t('quota.guaranteeLabel')}
          value={values.guarantee}
          segments={[
            { value: 'exact', label: t('quota.guarantee.exact') },
            { value: 'bounded', label: t('quota.guarantee.bounded'), testId: 'quota-bounded' },
          ]}
          onChange={(guarantee) => onChange({ ...values, guarantee })}
          hint={t(`quota.guaranteeHint.${values.guarantee}`)}
        />
      )}
    </>
  )
}
