import { formatMoney, formatMoneyExact } from '../format/money.ts'
import { useFormat } from '../format/use-format.ts'
import { cn } from './cn.ts'

/**
 * The one place where an amount becomes text. `amount` is a decimal string of the API; every digit of it is in the
 * tooltip. `null` is an amount nobody knows (a model without a price), which is not the same as zero.
 */
export function Money({
  amount,
  currency,
  className,
}: {
  amount: string | null
  currency?: string
  className?: string
}) {
  const format = useFormat()
  if (amount === null) return <span className={cn('text-muted-foreground', className)}>—</span>
  const unit = currency ?? format.currency
  return (
    <span className={cn('tabular-nums', className)} title={formatMoneyExact(amount, unit, format.locale)}>
      {formatMoney(amount, unit, format.locale)}
    </span>
  )
}
