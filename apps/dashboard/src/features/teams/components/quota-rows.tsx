import { Plus, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../shared/ui/button.tsx'
import { emptyQuota, type QuotaFormValues } from '../quota-form.ts'
import { QuotaRowFields } from './quota-row-fields.tsx'

/** The first limits of a new team. */
export function QuotaRows(props: {
  quotas: readonly QuotaFormValues[]
  onChange: (quotas: readonly QuotaFormValues[]) => void
}) {
  const { t } = useTranslation()
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-[13px] font-medium">{t('quota.title')}</legend>
      {props.quotas.map((quota, index) => (
        <div key={index} className="flex items-center gap-2">
          <QuotaRowFields
            className="flex-1"
            values={quota}
            onChange={(next) => props.onChange(props.quotas.map((each, at) => (at === index ? next : each)))}
          />
          <Button
            variant="ghost"
            size="icon"
            aria-label={t('common.remove')}
            onClick={() => props.onChange(props.quotas.filter((_, at) => at !== index))}
          >
            <Trash2 />
          </Button>
        </div>
      ))}
      {props.quotas.length === 0 && (
        <p className="text-[13px] text-warning-foreground">{t('quota.noneWarning')}</p>
      )}
      <Button
        size="sm"
        className="justify-self-start"
        onClick={() => props.onChange([...props.quotas, emptyQuota])}
      >
        <Plus />
        {t('quota.add')}
      </Button>
    </fieldset>
  )
}
