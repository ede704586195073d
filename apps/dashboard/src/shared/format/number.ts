/** `1,234,567`: every digit, for tables and tooltips. */
export function formatCount(value: number, locale: string): string {
  return formatter(locale, { maximumFractionDigits: 0 }).format(value)
}

/** Short enough for a card: `123.5万`, `1.24亿`, `1.23M`. Below ten thousand every digit is kept. */
export function formatCompact(value: number, locale: string): string {
  if (Math.abs(value) < 10_000) return formatCount(value, locale)
  return formatter(locale, { notation: 'compact', maximumSignificantDigits: 4 }).format(value)
}

/** `value` is 0..100. One digit after the point below ten; what is smaller than that is not called zero. */
export function formatPercent(value: number, locale: string): string {
  if (value > 0 && value < 0.1) return `<${formatPercent(0.1, locale)}`
  const digits = value !== 0 && Math.abs(value) < 10 ? 1 : 0
  return formatter(locale, { style: 'percent', maximumFractionDigits: digits }).format(value / 100)
}

/**
 * Change against the period before, in percent; `undefined` when there was nothing to compare with
 * (a rise from zero has no percentage).
 */
export function changePercent(current: number, previous: number): number | undefined {
  if (previous === 0) return current === 0 ? 0 : undefined
  return ((current - previous) / previous) * 100
}

/** `+12%`, `-3.1%`, `0%`; beyond a tenfold rise the exact figure says nothing: `>10×`. */
export function formatChange(percent: number, locale: string): string {
  if (percent > 900) return '>10×'
  const digits = percent !== 0 && Math.abs(percent) < 10 ? 1 : 0
  return formatter(locale, {
    style: 'percent',
    maximumFractionDigits: digits,
    signDisplay: 'exceptZero',
  }).format(percent / 100)
}

const formatters = new Map<string, Intl.NumberFormat>()

/** Making a formatter costs more than using it, and a page shows hundreds of numbers. */
function formatter(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const id = locale + JSON.stringify(options)
  let made = formatters.get(id)
  if (made === undefined) {
    made = new Intl.NumberFormat(locale, options)
    formatters.set(id, made)
  }
  return made
}
