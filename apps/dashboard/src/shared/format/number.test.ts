import { describe, expect, it } from 'vitest'
import { changePercent, formatChange, formatCompact, formatCount, formatPercent } from './number.ts'

describe('numbers', () => {
  it('uses 万 and 亿 in Chinese and M and B in English', () => {
    expect(formatCompact(1_234_567, 'zh-CN')).toBe('123.5万')
    expect(formatCompact(234_500_000, 'zh-CN')).toBe('2.345亿')
    expect(formatCompact(1_234_567, 'en')).toBe('1.235M')
    expect(formatCompact(2_345_000_000, 'en')).toBe('2.345B')
  })

  it('keeps every digit of a small number, so that one request is seen at once', () => {
    expect(formatCompact(9_999, 'zh-CN')).toBe('9,999')
    expect(formatCompact(0, 'en')).toBe('0')
  })

  it('shows the exact figure where it is asked for', () => {
    expect(formatCount(9_007_199_254_740_991, 'en')).toBe('9,007,199,254,740,991')
  })

  it('shows a tenth of a percent for the first tokens of a grant, and none later', () => {
    expect(formatPercent(0.14, 'en')).toBe('0.1%')
    expect(formatPercent(0.005, 'en')).toBe('<0.1%')
    expect(formatPercent(0, 'en')).toBe('0%')
    expect(formatPercent(81.4, 'zh-CN')).toBe('81%')
  })

  it('names no percentage for a rise from nothing', () => {
    expect(changePercent(5, 0)).toBeUndefined()
    expect(changePercent(0, 0)).toBe(0)
    expect(changePercent(150, 100)).toBe(50)
    expect(changePercent(0, 100)).toBe(-100)
  })

  it('signs a change and caps what nobody can read', () => {
    expect(formatChange(12.4, 'en')).toBe('+12%')
    expect(formatChange(-3.14, 'en')).toBe('-3.1%')
    expect(formatChange(0, 'en')).toBe('0%')
    expect(formatChange(56_000, 'en')).toBe('>10×')
  })
})
