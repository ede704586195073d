import { describe, expect, it } from 'vitest'
import { approximateMoney, formatMoney, formatMoneyExact, isAmount, subtractMoney } from './money.ts'

describe('money', () => {
  it('is subtracted to the last digit, over zero and beyond what a float holds', () => {
    expect(subtractMoney('0.3', '0.1')).toBe('0.2')
    expect(subtractMoney('1', '1.000000001')).toBe('-0.000000001')
    expect(subtractMoney('0.5', '-0.25')).toBe('0.75')
    expect(subtractMoney('90071992547409.910000001', '0.91')).toBe('90071992547409.000000001')
    expect(subtractMoney('12.50', '12.5')).toBe('0')
  })

  it('shows two places from one unit on', () => {
    expect(formatMoney('12.34', 'CNY', 'zh-CN')).toBe('¥12.34')
    expect(formatMoney('12345.678', 'CNY', 'en')).toBe('¥12,345.68')
    expect(formatMoney('0', 'CNY', 'zh-CN')).toBe('¥0.00')
  })

  it('never rounds the price of one request to zero', () => {
    expect(formatMoney('0.001234', 'CNY', 'zh-CN')).toBe('¥0.00123')
    expect(formatMoney('0.000000001', 'CNY', 'en')).toBe('¥0.000000001')
    expect(formatMoney('0.5', 'CNY', 'en')).toBe('¥0.50')
  })

  it('keeps digits that a float would lose', () => {
    expect(formatMoneyExact('90071992547409.910000001', 'CNY', 'en')).toBe('¥90,071,992,547,409.910000001')
    expect(formatMoneyExact('12.34', 'CNY', 'en')).toBe('¥12.34')
  })

  it('shortens millions as the language does', () => {
    expect(formatMoney('1234567.89', 'CNY', 'zh-CN')).toBe('¥123.46万')
    expect(formatMoney('1234567.89', 'CNY', 'en')).toBe('¥1.23M')
  })

  it('shows what is not a number as it came, instead of inventing one', () => {
    expect(formatMoney('n/a', 'CNY', 'en')).toBe('n/a')
    expect(approximateMoney('n/a')).toBe(0)
  })

  it('accepts amounts that the books can hold, and nothing else', () => {
    for (const good of ['0', '100', '100.00', '0.000000001']) expect(isAmount(good)).toBe(true)
    for (const bad of ['', '-1', '1e3', '1,000', '.5', '0.0000000001', '１'])
      expect(isAmount(bad)).toBe(false)
  })
})
