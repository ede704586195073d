import { describe, expect, it } from 'vitest'
import { parseMoment } from './parse-moment.ts'

describe('a date without a time', () => {
  it.each([
    ['Asia/Shanghai', '2027-01-31T16:00:00.000Z'],
    ['UTC', '2027-02-01T00:00:00.000Z'],
    ['America/Los_Angeles', '2027-02-01T08:00:00.000Z'],
    ['Pacific/Kiritimati', '2027-01-31T10:00:00.000Z'],
    ['Pacific/Pago_Pago', '2027-02-01T11:00:00.000Z'],
  ])('is the start of that day in %s', (timeZone, expected) => {
    expect(parseMoment('2027-02-01', timeZone)?.toISOString()).toBe(expected)
  })
})

describe('a time', () => {
  it('is taken with its offset', () => {
    expect(parseMoment('2027-02-01T08:00:00+08:00', 'UTC')?.toISOString()).toBe('2027-02-01T00:00:00.000Z')
  })

  it('is refused without one, and when there is no such day', () => {
    for (const text of ['2027-02-01T08:00:00', '2027-02-30', '2027-13-01', 'tomorrow', ''])
      expect(parseMoment(text, 'Asia/Shanghai'), text).toBeUndefined()
  })
})
