import { describe, expect, it } from 'vitest'
import { ApiError, fieldErrors, toApiError } from './api-error.ts'

describe('errors of the API', () => {
  it('carry code, message and the fields at fault', () => {
    const error = toApiError(400, {
      error: {
        code: 'invalid_request',
        message: 'no',
        details: [
          { path: 'credentials.apiKey', message: 'is missing' },
          { path: 'allowedIps.0', message: 'is not an address' },
          { path: 'quotas.1.limit', message: 'is negative' },
        ],
      },
    })
    expect(error).toMatchObject({ status: 400, code: 'invalid_request', message: 'no' })
    expect([...fieldErrors(error)]).toEqual([
      ['apiKey', 'is missing'],
      ['allowedIps', 'is not an address'],
      ['limit', 'is negative'],
    ])
  })

  it('keep the exact code of the sign-in', () => {
    const body = {
      code: 'INVALID_EMAIL_OR_PASSWORD',
      message: 'Invalid email or password',
      error: { code: 'unauthorized', message: 'Invalid email or password' },
    }
    expect(toApiError(401, body).code).toBe('invalid_email_or_password')
  })

  it('are named by their status when a proxy in front answers with a page', () => {
    expect(toApiError(502, '<html>Bad gateway</html>').code).toBe('unavailable')
    expect(toApiError(401, undefined).code).toBe('unauthorized')
    expect(toApiError(429, {}).code).toBe('rate_limited')
  })

  it('drop details that make no sense, and blame no field for other failures', () => {
    expect(toApiError(400, { error: { details: ['?', { path: 1 }] } }).details).toEqual([])
    expect(fieldErrors(new Error('x')).size).toBe(0)
    expect(fieldErrors(new ApiError(0, 'unreachable', '')).size).toBe(0)
  })
})
