import { useTranslation } from 'react-i18next'
import { AmountInput } from '../../../shared/ui/amount-input.tsx'
import { cn } from '../../../shared/ui/cn.ts'
import { Select } from '../../../shared/ui/input.tsx'
import { isLimit, quotaMetrics, quotaWindows, type QuotaFormValues } from '../quota-form.ts'

/** Limit, metric and window of one quota in a line: "200000 tokens per day". */
export function QuotaRowFields(props: {
  values: QuotaFormValues
  onChange: (values: QuotaFormValues) => void
  className?: string
}) {
  const { t } = useTranslation()
  const { values } = props
  const change = (part: Partial<QuotaFormValues>) => props.onChange({ ...values, ...part })
  return (
    <div className={cn('grid grid-cols-2 gap-2 sm:grid-cols-[1.2fr_1fr_1fr]', props.className)}>
      <AmountInput
        aria-label={t('quota.limit')}
        placeholder={values.metric === 'cost' ? '100.00' : '200000'}
        className="text-right tabular-nums"
        data-testid="quota-limit"
        aria-invalid={values.limit !== '' && !isLimit(values)}
        value={values.limit}
        onValue={(next) => change({ limit: next })}
      />
      <Select
        aria-label={t('quota.metricLabel')}
        data-testid="quota-metric"
        value={values.metric}
        onChange={(event) =>
          change({ metric: quotaMetrics.find((each) => each === event.target.value) ?? values.metric })
        }
      >
        {quotaMetrics.map((metric) => (
          <option key={metric} value={metric}>
            {t(`quota.metricOption.${metric}`)}
          </option>
        ))}
      </Select>
      {values.metric === 'concurrency' ? (
        <span className="self-center text-[13px] text-muted-foreground">{t('quota.atOnce')}</span>
      ) : (
        <Select
          aria-label={t('quota.window')}
          data-testid="quota-window"
          value={values.window}
          onChange={(event) =>
            change({ window: quotaWindows.find((each) => each === event.target.value) ?? values.window })
          }
        >
          {quotaWindows.map((window) => (
            <option key={window} value={window}>
              {t(`quota.per.${window}`)}
            </option>
          ))}
        </Select>
      )}
    </div>
  )
}
