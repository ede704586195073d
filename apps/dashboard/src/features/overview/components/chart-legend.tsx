import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../shared/format/use-format.ts'
import { otherModels, seriesColor, type ChartMetric, type ChartSeries } from '../chart-series.ts'
import { ChartValue } from './chart-value.tsx'

/** The models of the chart with their sums: the chart as a table. */
export function ChartLegend({ models, metric }: { models: ChartSeries['models']; metric: ChartMetric }) {
  const { t } = useTranslation()
  const format = useFormat()
  const sum = models.reduce((total, each) => total + each.total, 0)
  return (
    <ul className="mt-3 grid grid-cols-1 content-start gap-1.5 px-2 text-[13px] sm:px-0 lg:mt-1">
      {models.map(({ model, total }, index) => (
        <li key={model} className="flex items-center gap-2">
          <span
            aria-hidden
            className="size-2.5 shrink-0 rounded-[3px]"
            style={{ background: seriesColor(model, index) }}
          />
          <span className="min-w-0 flex-1 truncate" title={model}>
            {model === otherModels ? t('chart.others') : model}
          </span>
          <ChartValue value={total} metric={metric} />
          <span className="w-10 text-right text-xs text-muted-foreground tabular-nums">
            {sum === 0 ? '' : format.percent((total / sum) * 100)}
          </span>
        </li>
      ))}
    </ul>
  )
}
