import { describe, expect, it } from 'vitest'
import { countdown, formatAgo, formatCountdown } from './countdown.ts'

const now = Date.parse('2026-11-23T08:00:00Z')
const inHours = (hours: number) => new Date(now + hours * 3_600_000).toISOString()

describe('countdown', () => {
  it('promises only whole units that are really left', () => {
    expect(countdown(inHours(24 * 12 + 23), now)).toEqual({ nearness: 'near', value: 12, unit: 'day' })
    expect(countdown(inHours(47.9), now)).toEqual({ nearness: 'urgent', value: 47, unit: 'hour' })
    expect(countdown(inHours(0.5), now)).toEqual({ nearness: 'urgent', value: 30, unit: 'minute' })
    expect(countdown(inHours(28 / 3_600), now)).toEqual({ nearness: 'urgent', value: 28, unit: 'second' })
  })

  it('turns urgent three days before the end and calm beyond two weeks', () => {
    expect(countdown(inHours(72), now).nearness).toBe('urgent')
    expect(countdown(inHours(73), now).nearness).toBe('near')
    expect(countdown(inHours(24 * 14 + 1), now).nearness).toBe('far')
  })

  it('is over at the very instant', () => {
    expect(countdown(inHours(0), now).nearness).toBe('past')
    expect(countdown(inHours(-1), now).nearness).toBe('past')
  })

  it('speaks both languages, with plurals', () => {
    expect(formatCountdown({ nearness: 'near', value: 12, unit: 'day' }, 'zh-CN')).toBe('12天')
    expect(formatCountdown({ nearness: 'near', value: 1, unit: 'day' }, 'en')).toBe('1 day')
    expect(formatCountdown({ nearness: 'near', value: 5, unit: 'hour' }, 'en')).toBe('5 hours')
  })

  it('says how long ago something was', () => {
    expect(formatAgo(inHours(-2), now, 'en')).toBe('2 hours ago')
    expect(formatAgo(inHours(-24), now, 'zh-CN')).toBe('昨天')
    expect(formatAgo(inHours(0), now, 'en')).toBe('this minute')
  })
})
