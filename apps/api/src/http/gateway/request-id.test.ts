import { validate, version } from 'uuid'
import { describe, expect, it } from 'vitest'
import { newRequestId } from './request-id.ts'

describe('a request id', () => {
  it('is a UUIDv7 of its moment, and never the same twice', () => {
    const ids = Array.from({ length: 1_000 }, () => newRequestId(1_795_000_000_123))
    expect(new Set(ids).size).toBe(1_000)
    for (const id of ids) {
      expect(validate(id)).toBe(true)
      expect(version(id)).toBe(7)
      expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(1_795_000_000_123)
    }
  })
})
