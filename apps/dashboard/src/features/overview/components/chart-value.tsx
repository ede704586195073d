import { Count } from '../../../shared/ui/amount.tsx'
import { Money } from '../../../shared/ui/money.tsx'
import type { ChartMetric } from '../chart-series.ts'

/** A value of the chart as text; money was a height until here and is rounded to what a height can carry. */
export function ChartValue({ value, metric }: { value: number; metric: ChartMetric }) {
  return metric === 'spend' ? <Money amount={value.toFixed(6)} /> : <Count value={value} />
}
