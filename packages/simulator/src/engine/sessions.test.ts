import { expect, it } from 'vitest'
import { createSessions } from './sessions.ts'

it('a session is over at the second its answer named, and a token is good on its own protocol only', () => {
  const sessions = createSessions()
  sessions.open('one', { account: 'a', token: 't', expiresAt: 100, reply: '{}' })
  expect(sessions.find('one', 't', 99)).toMatchObject({ account: 'a' })
  expect(sessions.find('one', 't', 100)).toBe('expired')
  expect(sessions.find('other', 't', 99)).toBe('unknown')
})
