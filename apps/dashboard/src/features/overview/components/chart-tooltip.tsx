import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../shared/format/use-format.ts'
import {
  otherModels,
  seriesColor,
  type ChartMetric,
  type ChartRow,
  type ChartSeries,
} from '../chart-series.ts'
import { ChartValue } from './chart-value.tsx'

export function ChartTooltip(props: {
  row: ChartRow
  models: ChartSeries['models']
  bucket: 'hour' | 'day'
  metric: ChartMetric
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const { row, models, metric } = props
  return (
    <div className="min-w-44 rounded-md border bg-popover px-3 py-2 text-xs shadow-lg">
      <p className="mb-1.5 flex justify-between gap-6 font-medium">
        <span>{props.bucket === 'hour' ? format.dateTime(row.bucket) : format.date(row.bucket)}</span>
        <ChartValue value={row.total} metric={metric} />
      </p>
      <ul className="grid gap-1">
        {models.map(({ model }, index) => {
          const value = row.values[index] ?? 0
          return value === 0 ? null : (
            <li key={model} className="flex items-center gap-2">
              <span
                aria-hidden
                className="size-2 rounded-[2px]"
                style={{ background: seriesColor(model, index) }}
              />
              <span className="min-w-0 flex-1 truncate">
                {model === otherModels ? t('chart.others') : model}
              </span>
              <ChartValue value={value} metric={metric} />
            </li>
          )
        })}
        {row.total === 0 && <li className="text-muted-foreground">{t('chart.noneTitle')}</li>}
      </ul>
    </div>
  )
}
