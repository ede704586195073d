import { describe, expect, it } from 'vitest'
import { callOf, fixture, readStream, refusalOf } from '../../test/support.ts'
import type { ProviderErrorKind } from '../contract/index.ts'
import { tongyiNative } from './index.ts'

/** The table of the provider sheet, section 7, row by row. */
const rows: readonly (readonly [code: string, status: number, kind: ProviderErrorKind, message?: string])[] =
  [
    ['InvalidApiKey', 401, 'invalid_credentials'],
    ['InvalidParameter', 401, 'invalid_credentials', 'invalid access token or token expired'],
    ['NOT AUTHORIZED', 401, 'permission_denied'],
    ['Workspace.AccessDenied', 401, 'permission_denied'],
    ['App.AccessDenied', 403, 'permission_denied'],
    ['AccessDenied', 403, 'permission_denied', 'current user api does not support asynchronous calls.'],
    ['AccessDenied', 403, 'free_quota_exhausted', 'The free quota of this model is used up.'],
    ['AccessDenied.Unpurchased', 403, 'permission_denied'],
    ['Model.AccessDenied', 403, 'permission_denied'],
    ['AllocationQuota.FreeTierOnly', 403, 'free_quota_exhausted'],
    ['Arrearage', 400, 'balance_exhausted'],
    ['BudgetLimitExceeded', 429, 'balance_exhausted'],
    ['PrepaidBillOverdue', 429, 'balance_exhausted'],
    ['PostpaidBillOverdue', 429, 'balance_exhausted'],
    ['CommodityNotPurchased', 429, 'balance_exhausted'],
    ['Throttling.AllocationQuota', 429, 'rate_limited', 'Allocated quota exceeded, please increase it.'],
    ['Throttling.AllocationQuota', 429, 'rate_limited', 'You exceeded your current quota'],
    ['Throttling.AllocationQuota', 429, 'free_quota_exhausted', 'Free allocated quota exceeded.'],
    ['Throttling', 429, 'rate_limited'],
    ['Throttling.RateQuota', 429, 'rate_limited'],
    ['LimitRequests', 429, 'rate_limited'],
    ['Throttling.BurstRate', 429, 'rate_limited'],
    ['Throttling.Concurrency', 429, 'rate_limited'],
    ['DataInspectionFailed', 400, 'content_filter'],
    ['InternalError.Algo.DataInspectionFailed', 400, 'content_filter'],
    ['InvalidParameter', 400, 'content_filter', '<400> InternalError.Algo.DataInspectionFailed: Input data'],
    ['IPInfringementSuspect', 400, 'content_filter'],
    ['FaqRuleBlocked', 400, 'content_filter'],
    ['CustomRoleBlocked', 400, 'content_filter'],
    ['InvalidParameter', 400, 'context_length_exceeded', 'Range of input length should be [1, 129024]'],
    ['InvalidParameter', 400, 'model_not_found', 'url error, please check url！'],
    ['InvalidParameter', 400, 'invalid_request'],
    ['InternalError.Algo.InvalidParameter', 400, 'invalid_request'],
    ['ModelNotFound', 404, 'model_not_found'],
    ['BadRequest.TooLarge', 400, 'invalid_request'],
    ['APIConnectionError', 400, 'upstream_error'],
    ['RequestTimeOut', 500, 'timeout'],
    ['InternalError.Timeout', 500, 'timeout'],
    ['InternalError', 500, 'upstream_error'],
    ['InternalError.Algo', 500, 'upstream_error'],
    ['SystemError', 500, 'upstream_error'],
    ['ModelServiceFailed', 500, 'upstream_error'],
    ['ModelServingError', 500, 'overloaded'],
    ['ModelUnavailable', 503, 'overloaded'],
    ['ServiceUnavailable', 503, 'overloaded'],
  ]

describe('DashScope’s refusals', () => {
  it.each(rows.map((row) => [row.slice(0, 3).join(' '), row] as const))('%s', (_name, row) => {
    const [code, status, kind, message = 'Something is wrong.'] = row
    const said = { code, message, request_id: 'r-1' }
    const error = refusalOf(tongyiNative, status, JSON.stringify(said))
    expect(error).toMatchObject({ kind, status, upstreamCode: code, mayMeanFreeQuota: false })

    const frame = `id:1\nevent:error\n:HTTP_STATUS/${status}\ndata:${JSON.stringify(said)}\n\n`
    const { state } = readStream(tongyiNative, Buffer.from(frame)).reader
    expect(state.error).toMatchObject({ kind, status, upstreamCode: code })
  })

  it('are read out of a stream’s frame, whatever the status that brought it', () => {
    const body = fixture('tongyi/native-stream-error-first-frame.sse.txt')
    expect(refusalOf(tongyiNative, 400, body)).toMatchObject({ kind: 'invalid_request', status: 400 })
    expect(refusalOf(tongyiNative, 200, body)).toMatchObject({ kind: 'invalid_request', status: 400 })
  })

  it('show the platform’s words without its wrapper', () => {
    const message = '<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 9]'
    const error = refusalOf(tongyiNative, 400, JSON.stringify({ code: 'InvalidParameter', message }))
    expect(error.message).toBe('Range of input length should be [1, 9]')
  })

  it.each([
    ['{"code":"InternalError","message":"","request_id":"r-1"}', 'upstream_error'],
    ['{"code":"Arrearage","message":7}', 'balance_exhausted'],
    ['{"message":["no"]}', 'invalid_request'],
    ['', 'invalid_request'],
    ['<html><title>Bad Gateway</title>', 'invalid_request'],
    ['event:error\ndata:{"code":', 'invalid_request'],
  ])('are errors even when they say little: %s', (body, kind) => {
    const error = refusalOf(tongyiNative, 400, body)
    expect(error.kind).toBe(kind)
    expect(error.message).not.toBe('')
  })

  it('are found in a frame that is named an error and says nothing else', () => {
    const { state } = readStream(
      tongyiNative,
      Buffer.from('event:error\n:HTTP_STATUS/503\ndata:{}\n\n'),
    ).reader
    expect(state.error).toMatchObject({ kind: 'overloaded', status: 503 })
  })

  it('are told for embeddings in a 200 too', () => {
    const request = { body: { model: 'm', input: 'x' }, raw: Buffer.from('{}') }
    const body = fixture('tongyi/native-error-429-rate.json')
    const answer = tongyiNative.embeddings?.answer(
      { status: 200, headers: {} },
      body,
      request,
      callOf(tongyiNative),
    )
    expect(answer).toMatchObject({ ok: false, error: { kind: 'rate_limited' } })
  })
})
