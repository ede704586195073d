import { useState, type ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import { Input } from './input.tsx'

/**
 * A number as people read it (`1,000,000`) while nobody types in it, and as it is typed while somebody does.
 * The value is plain digits, with a point for money; spaces and commas of a pasted number are dropped.
 */
export function AmountInput({
  value,
  onValue,
  ...props
}: Omit<ComponentProps<typeof Input>, 'value' | 'onChange'> & {
  value: string
  onValue: (value: string) => void
}) {
  const { i18n } = useTranslation()
  const [typing, setTyping] = useState(false)
  return (
    <Input
      inputMode="decimal"
      {...props}
      value={typing ? value : grouped(value, i18n.language)}
      onFocus={() => setTyping(true)}
      onBlur={() => setTyping(false)}
      onChange={(event) => onValue(event.target.value.replaceAll(/[\s,，]/g, ''))}
    />
  )
}

/** Only the part before the point is grouped, so that nothing typed after it is lost. */
function grouped(value: string, locale: string): string {
  const match = /^(\d{1,15})(\.\d*)?$/.exec(value)
  return match === null ? value : new Intl.NumberFormat(locale).format(Number(match[1])) + (match[2] ?? '')
}
