const decimal = /^-?\d+(\.\d+)?$/

/**
 * A decimal string of the API as text, exact to the last digit before rounding (it never becomes a float).
 * From one unit on two places are shown; below it three significant digits, since one request often costs
 * less than a hundredth: `¥12.34`, `¥0.00123`. Called by `<Money>` and by the axis of a money chart only.
 */
export function formatMoney(amount: string, currency: string, locale: string): string {
  if (!isDecimal(amount)) return amount
  return formatterFor(amount, currency, locale).format(amount)
}

/** Every digit that the books hold, for the tooltip. */
export function formatMoneyExact(amount: string, currency: string, locale: string): string {
  if (!isDecimal(amount)) return amount
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: 2,
    maximumFractionDigits: 9,
  }).format(amount)
}

/** For heights of bars and for comparing periods, never for showing or adding up. */
export function approximateMoney(amount: string): number {
  return isDecimal(amount) ? Number(amount) : 0
}

/** `a - b` to the last digit; both are decimal strings of the API. */
export function subtractMoney(a: string, b: string): string {
  const nanos = toNanos(a) - toNanos(b)
  const digits = (nanos < 0n ? -nanos : nanos).toString().padStart(10, '0')
  const fraction = digits.slice(-9).replace(/0+$/, '')
  return `${nanos < 0n ? '-' : ''}${digits.slice(0, -9)}${fraction === '' ? '' : `.${fraction}`}`
}

/** Whether a text typed by a person is an amount the API takes: not negative, at most nine places. */
export function isAmount(text: string): boolean {
  return /^\d{1,12}(\.\d{1,9})?$/.test(text)
}

function formatterFor(amount: string, currency: string, locale: string): Intl.NumberFormat {
  const size = Math.abs(Number(amount))
  const places = placesFor(size)
  const id = `${locale} ${currency} ${JSON.stringify(places)}`
  let made = formatters.get(id)
  if (made === undefined) {
    made = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      ...places,
    })
    formatters.set(id, made)
  }
  return made
}

function placesFor(size: number): Intl.NumberFormatOptions {
  if (size > 0 && size < 0.1) return { maximumSignificantDigits: 3 }
  if (size > 0 && size < 1) return { minimumFractionDigits: 2, maximumFractionDigits: 3 }
  if (size >= 1_000_000) return { notation: 'compact', maximumFractionDigits: 2 }
  return {}
}

const formatters = new Map<string, Intl.NumberFormat>()

function isDecimal(text: string): text is `${number}` {
  return decimal.test(text)
}

function toNanos(amount: string): bigint {
  if (!isDecimal(amount)) throw new TypeError(`"${amount}" is no decimal string`)
  const [whole = '', fraction = ''] = amount.replace('-', '').split('.')
  const nanos = BigInt(whole + fraction.slice(0, 9).padEnd(9, '0'))
  return amount.startsWith('-') ? -nanos : nanos
}
