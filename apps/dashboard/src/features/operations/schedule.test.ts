import { describe, expect, it } from 'vitest'
import { readSchedule } from './schedule.ts'

describe('a schedule', () => {
  it.each([
    ['* * * * *', { kind: 'minutes', count: 1 }],
    ['*/5 * * * *', { kind: 'minutes', count: 5 }],
    ['7 * * * *', { kind: 'hourly', time: ':07' }],
    ['20 3 * * *', { kind: 'daily', time: '03:20' }],
    ['20 3 * * 1', { kind: 'cron', cron: '20 3 * * 1' }],
    ['0 */6 * * *', { kind: 'cron', cron: '0 */6 * * *' }],
    ['0,30 * * * *', { kind: 'cron', cron: '0,30 * * * *' }],
  ])('%s is said in plain words where it can be', (cron, schedule) => {
    expect(readSchedule(cron)).toEqual(schedule)
  })
})
