import { ProviderError, type ProviderErrorKind } from '@tollgate/adapters/contract'
import { describe, expect, it } from 'vitest'
import { whatToTell } from './what-to-tell.ts'

describe('a caller whose accounts have all failed', () => {
  it.each<[string, ProviderErrorKind[], string]>([
    ['the only failure', ['invalid_credentials'], 'account_unusable'],
    ['the last of several that are alike', ['rate_limited', 'overloaded'], 'overloaded'],
    [
      'to come back, where one account was merely busy',
      ['rate_limited', 'invalid_credentials'],
      'rate_limit_exceeded',
    ],
    [
      'to come back, where the model is missing on another',
      ['timeout', 'model_not_found'],
      'upstream_timeout',
    ],
    ['to come back, where another has no money', ['overloaded', 'balance_exhausted'], 'overloaded'],
    [
      'that nothing is left, where no account can serve',
      ['free_quota_exhausted', 'balance_exhausted'],
      'insufficient_quota',
    ],
    [
      'that the request is wrong, whatever came before',
      ['overloaded', 'context_length_exceeded'],
      'context_length_exceeded',
    ],
  ])('is told %s', (_what, kinds, code) => {
    const failures = kinds.map((kind) => new ProviderError(kind, { message: kind }))
    expect(whatToTell(failures)?.code).toBe(code)
  })

  it('is told nothing where nothing failed', () => {
    expect(whatToTell([])).toBeUndefined()
  })
})
