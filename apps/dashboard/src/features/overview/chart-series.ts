import type { Overview } from '../../shared/api/types.ts'
import { approximateMoney } from '../../shared/format/money.ts'

export type ChartMetric = 'tokens' | 'spend' | 'requests'

type SeriesRow = Overview['series'][number]

/** One bar: a value for each model, in the order of `ChartSeries.models`. */
export interface ChartRow {
  /** First instant of the hour or day, ISO. */
  readonly bucket: string
  readonly values: readonly number[]
  readonly total: number
}

export interface ChartSeries {
  /** Largest first; what the service calls `other` comes last. */
  readonly models: readonly { readonly model: string; readonly total: number }[]
  readonly rows: readonly ChartRow[]
}

/** Name under which the service sums the models beyond the largest six. */
export const otherModels = 'other'

/** Numbers for the bars, with an empty bar where nothing happened. Money becomes a height here, never a text. */
export function chartSeries(
  series: readonly SeriesRow[],
  buckets: readonly string[],
  metric: ChartMetric,
): ChartSeries {
  const totals = new Map<string, number>()
  for (const row of series) totals.set(row.model, (totals.get(row.model) ?? 0) + valueOf(row, metric))
  const models = [...totals]
    .map(([model, total]) => ({ model, total }))
    .sort(
      (a, b) =>
        Number(a.model === otherModels) - Number(b.model === otherModels) ||
        b.total - a.total ||
        a.model.localeCompare(b.model),
    )
  const place = new Map(models.map(({ model }, index) => [model, index]))
  const bars = new Map<number, number[]>()
  const empty = () => models.map(() => 0)
  for (const bucket of buckets) bars.set(Date.parse(bucket), empty())
  for (const row of series) {
    const start = Date.parse(row.bucket)
    const values = bars.get(start) ?? empty()
    const index = place.get(row.model) ?? 0
    values[index] = (values[index] ?? 0) + valueOf(row, metric)
    bars.set(start, values)
  }
  return {
    models,
    rows: [...bars]
      .sort(([a], [b]) => a - b)
      .map(([start, values]) => ({
        bucket: new Date(start).toISOString(),
        values,
        total: values.reduce((sum, value) => sum + value, 0),
      })),
  }
}

/** Colour of the model at a place in the stack. */
export function seriesColor(model: string, index: number): string {
  return model === otherModels ? 'var(--chart-other)' : `var(--chart-${(index % 6) + 1})`
}

export function valueOf(
  row: Pick<SeriesRow, 'totalTokens' | 'requests' | 'billedCost'>,
  metric: ChartMetric,
): number {
  if (metric === 'tokens') return row.totalTokens
  return metric === 'requests' ? row.requests : approximateMoney(row.billedCost)
}
