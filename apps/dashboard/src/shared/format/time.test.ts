import { describe, expect, it } from 'vitest'
import {
  addDays,
  formatBucket,
  formatDate,
  formatDateTime,
  formatDuration,
  formatTimeZone,
  fromDateInput,
  toDateInput,
} from './time.ts'

const shanghai = { locale: 'zh-CN', timeZone: 'Asia/Shanghai' }
const now = Date.parse('2026-11-23T08:00:00Z')

describe('times', () => {
  it('are shown in the zone of the installation, not of the browser', () => {
    expect(formatDateTime('2026-11-23T20:05:00Z', shanghai, now)).toBe('11月24日 04:05')
    expect(formatBucket('2026-11-23T16:00:00Z', 'hour', shanghai)).toBe('00:00')
    expect(formatBucket('2026-11-23T16:00:00Z', 'day', shanghai)).toBe('11/24')
    expect(formatTimeZone(shanghai, now)).toBe('Asia/Shanghai (GMT+8)')
  })

  it('carry the year only when it is another one', () => {
    expect(formatDate('2026-12-31T15:59:00Z', { ...shanghai, locale: 'en' }, now)).toBe('Dec 31')
    expect(formatDate('2026-12-31T16:00:00Z', { ...shanghai, locale: 'en' }, now)).toBe('Jan 1, 2027')
  })

  it('turn a date typed by a person into local midnight, and back', () => {
    expect(fromDateInput('2026-11-23', 'Asia/Shanghai')).toBe('2026-11-22T16:00:00.000Z')
    expect(toDateInput(Date.parse('2026-11-22T16:00:00Z'), 'Asia/Shanghai')).toBe('2026-11-23')
  })

  it('find midnight on days when the clocks change', () => {
    expect(fromDateInput('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z')
    expect(fromDateInput('2026-03-30', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z')
    expect(fromDateInput('2026-10-26', 'Europe/Berlin')).toBe('2026-10-25T23:00:00.000Z')
  })

  it('add days on the calendar, over months and leap years', () => {
    expect(addDays('2026-11-23', 90)).toBe('2027-02-21')
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
  })

  it('show durations in the unit a person would use', () => {
    expect([840, 3_240, 125_000].map(formatDuration)).toEqual(['840 ms', '3.2 s', '2 min 5 s'])
  })
})
