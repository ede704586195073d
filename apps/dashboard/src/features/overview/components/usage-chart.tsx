import { ChartColumnStacked } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { Overview } from '../../../shared/api/types.ts'
import { formatMoney } from '../../../shared/format/money.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { Card, CardHeader } from '../../../shared/ui/card.tsx'
import { Segmented } from '../../../shared/ui/segmented.tsx'
import { EmptyState } from '../../../shared/ui/states.tsx'
import { chartSeries, seriesColor, type ChartMetric, type ChartRow } from '../chart-series.ts'
import { ChartLegend } from './chart-legend.tsx'
import { ChartTooltip } from './chart-tooltip.tsx'

const metrics: readonly ChartMetric[] = ['tokens', 'spend', 'requests']

/** Stacked bars by model, hour by hour or day by day. */
export function UsageChart(props: {
  overview: Overview
  metric: ChartMetric
  onMetric: (metric: ChartMetric) => void
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const { overview, metric } = props
  const { bucket, buckets, series } = overview
  const { models, rows } = useMemo(() => chartSeries(series, buckets, metric), [series, buckets, metric])
  const short = (value: number) =>
    metric === 'spend' ? formatMoney(plain(value), format.currency, format.locale) : format.compact(value)
  return (
    <Card>
      <CardHeader
        title={t(`chart.title.${metric}`)}
        actions={
          <Segmented
            label={t('chart.metric')}
            value={metric}
            onChange={props.onMetric}
            segments={metrics.map((each) => ({
              value: each,
              label: t(`metric.${each}`),
              testId: `chart-${each}`,
            }))}
          />
        }
      />
      {models.length === 0 ? (
        <EmptyState icon={ChartColumnStacked} title={t('chart.noneTitle')} className="pt-8 pb-14">
          {t('chart.noneText')}
        </EmptyState>
      ) : (
        <div className="grid gap-x-6 px-2 pb-4 sm:px-5 lg:grid-cols-[minmax(0,1fr)_15rem]">
          <div className="h-64 min-w-0" role="img" aria-label={t(`chart.title.${metric}`)}>
            <ResponsiveContainer width="100%" height="100%">
              <BarChart data={rows} margin={{ top: 6, right: 4, bottom: 0, left: 0 }} barCategoryGap="18%">
                <CartesianGrid vertical={false} stroke="var(--border)" strokeDasharray="3 4" />
                <XAxis
                  dataKey="bucket"
                  tickFormatter={(iso: string) => format.bucket(iso, bucket)}
                  tick={{ fill: 'var(--muted-foreground)', fontSize: 11 }}
                  tickLine={false}
                  axisLine={{ stroke: 'var(--border)' }}
                  minTickGap={18}
                />
                <YAxis
                  width={58}
                  tickFormatter={short}
                  tick={{ fill: 'var(--muted-foreground)', fontSize: 11 }}
                  tickLine={false}
                  axisLine={false}
                  tickCount={5}
                />
                <Tooltip
                  cursor={{ fill: 'var(--muted)', opacity: 0.7 }}
                  isAnimationActive={false}
                  content={({ active, label }) => {
                    const row = active ? rows.find((each) => each.bucket === label) : undefined
                    return row === undefined ? null : (
                      <ChartTooltip row={row} models={models} bucket={bucket} metric={metric} />
                    )
                  }}
                />
                {models.map(({ model }, index) => (
                  <Bar
                    key={model}
                    // A function, because a model's name may hold dots, which a path would cut.
                    dataKey={(row: ChartRow) => row.values[index] ?? 0}
                    stackId="models"
                    fill={seriesColor(model, index)}
                    isAnimationActive={false}
                    maxBarSize={34}
                  />
                ))}
              </BarChart>
            </ResponsiveContainer>
          </div>
          <ChartLegend models={models} metric={metric} />
        </div>
      )}
    </Card>
  )
}

/** A tick of the axis as a decimal string: no exponent, no digits that the sum of floats invented. */
function plain(value: number): string {
  return value.toFixed(6).replace(/\.?0+$/, '')
}
