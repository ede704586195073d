import fc from 'fast-check'
import type { ResponseHead } from '../../src/contract/index.ts'

/** Heads as servers, gateways and mistaken addresses send them. */
export function oddHead(status: fc.Arbitrary<number>): fc.Arbitrary<ResponseHead> {
  return fc.record({
    status,
    headers: fc
      .record({
        'content-type': fc.option(contentType, { nil: undefined, freq: 4 }),
        'retry-after': fc.option(wait, { nil: undefined, freq: 2 }),
        'retry-after-ms': fc.option(wait, { nil: undefined, freq: 2 }),
        'x-ratelimit-remaining-requests': fc.option(fc.constantFrom('0', '1', 'x'), {
          nil: undefined,
          freq: 2,
        }),
        'x-ratelimit-reset-requests': fc.option(wait, { nil: undefined, freq: 2 }),
      })
      .map((headers) =>
        Object.fromEntries(
          Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
        ),
      ),
  })
}

const contentType = fc.constantFrom(
  'application/json',
  'application/json; charset=utf-8',
  'text/event-stream',
  'text/event-stream;charset=UTF-8',
  'text/html',
  'application/octet-stream',
  'constructor',
  '',
  ';;',
)

const wait = fc.constantFrom(
  '1',
  '0',
  '-1',
  '1.5',
  '9'.repeat(400),
  '1e9',
  '6m0s',
  `${'9'.repeat(400)}s`,
  'Wed, 21 Oct 2026 07:28:00 GMT',
  'Wed, 21 Oct 275760 07:28:00 GMT',
  'soon',
  '',
)
