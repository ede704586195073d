import { describe, expect, it } from 'vitest'
import { createSessions } from './sessions.ts'

const session = { token: 't1', account: 'a1', expiresAt: 1000 }

describe('a session', () => {
  it('is good until the second in which it expires', () => {
    const sessions = createSessions()
    sessions.open('ark', session)
    expect(sessions.find('ark', 't1', 999)).toEqual(session)
    expect(sessions.find('ark', 't1', 1000)).toBeUndefined()
  })

  it('is of one protocol only', () => {
    const sessions = createSessions()
    sessions.open('ark', session)
    expect(sessions.find('qianfan-v1', 't1', 0)).toBeUndefined()
  })

  it('may end before its time, and still counts as opened', () => {
    const sessions = createSessions()
    sessions.open('ark', session)
    sessions.open('ark', { ...session, token: 't2' })
    sessions.expireAll()
    expect([sessions.find('ark', 't1', 0), sessions.find('ark', 't2', 0)]).toEqual([undefined, undefined])
    expect([sessions.opened('ark'), sessions.opened('qianfan-v1')]).toEqual([2, 0])
  })

  it('stays good when the counts begin anew', () => {
    const sessions = createSessions()
    sessions.open('ark', session)
    sessions.resetCounts()
    expect(sessions.opened('ark')).toBe(0)
    expect(sessions.find('ark', 't1', 0)).toEqual(session)
  })
})
