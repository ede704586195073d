import { useTranslation } from 'react-i18next'
import type { GrantUnit } from '../api/types.ts'
import { useFormat } from '../format/use-format.ts'
import { cn } from './cn.ts'
import { Money } from './money.tsx'

/** A count in the language's short form, exact in the tooltip; `exact` shows every digit at once. */
export function Count({
  value,
  exact,
  className,
}: {
  value: number | null
  exact?: boolean
  className?: string
}) {
  const format = useFormat()
  if (value === null) return <span className={cn('text-muted-foreground', className)}>—</span>
  return (
    <span className={cn('tabular-nums', className)} title={format.count(value)}>
      {exact === true ? format.count(value) : format.compact(value)}
    </span>
  )
}

/** An amount of a grant or a quota: a count, or money when the unit says so. The unit's name is not part of it. */
export function Amount(props: {
  value: number | string | null
  currency?: string
  exact?: boolean
  className?: string
}) {
  if (typeof props.value === 'string') {
    return (
      <Money
        amount={props.value}
        {...(props.currency === undefined ? {} : { currency: props.currency })}
        {...(props.className === undefined ? {} : { className: props.className })}
      />
    )
  }
  return (
    <Count
      value={props.value}
      {...(props.exact === undefined ? {} : { exact: props.exact })}
      {...(props.className === undefined ? {} : { className: props.className })}
    />
  )
}

/** `tokens`, `requests` ...; money needs no unit, its sign is enough. */
export function useUnitName(): (unit: GrantUnit | 'cost' | 'concurrency') => string {
  const { t } = useTranslation()
  return (unit) => (unit === 'money' || unit === 'cost' ? '' : t(`unit.${unit}`))
}
