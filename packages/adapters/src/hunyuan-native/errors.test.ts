import { describe, expect, it } from 'vitest'
import { callOf, fixture, refusalOf } from '../../test/support.ts'
import { hunyuanNative } from './index.ts'

const table = [
  ['AuthFailure.SecretIdNotFound', 'invalid_credentials'],
  ['AuthFailure.InvalidSecretId', 'invalid_credentials'],
  ['AuthFailure.TokenFailure', 'invalid_credentials'],
  ['AuthFailure.UnauthorizedOperation', 'invalid_credentials'],
  ['AuthFailure.SignatureFailure', 'invalid_credentials'],
  ['AuthFailure.InvalidAuthorization', 'invalid_credentials'],
  ['AuthFailure.SignatureExpire', 'invalid_credentials'],
  ['UnauthorizedOperation', 'permission_denied'],
  ['UnauthorizedOperation.CamNoAuth', 'permission_denied'],
  ['IpNotInWhitelist', 'permission_denied'],
  ['RequestLimitExceeded', 'rate_limited'],
  ['RequestLimitExceeded.UinLimitExceeded', 'rate_limited'],
  ['RequestLimitExceeded.JobNumExceed', 'rate_limited'],
  ['LimitExceeded', 'rate_limited'],
  ['FailedOperation.EngineServerLimitExceeded', 'rate_limited'],
  ['FailedOperation.EngineRequestTimeout', 'timeout'],
  ['FailedOperation.EngineServerError', 'upstream_error'],
  ['FailedOperation.ConsoleServerError', 'upstream_error'],
  ['FailedOperation', 'upstream_error'],
  ['InternalError', 'upstream_error'],
  ['InternalError.Anything', 'upstream_error'],
  ['ServiceUnavailable', 'overloaded'],
  ['FailedOperation.FreeResourcePackExhausted', 'free_quota_exhausted'],
  ['FailedOperation.ResourcePackExhausted', 'balance_exhausted'],
  ['ResourceInsufficient.ChargeResourceExhaust', 'balance_exhausted'],
  ['FailedOperation.ServiceStopArrears', 'balance_exhausted'],
  ['ResourceUnavailable.InArrears', 'balance_exhausted'],
  ['ResourceUnavailable.LowBalance', 'balance_exhausted'],
  ['FailedOperation.ServiceStop', 'permission_denied'],
  ['ResourceUnavailable.StopUsing', 'permission_denied'],
  ['FailedOperation.ServiceNotActivated', 'permission_denied'],
  ['ResourceUnavailable.NotExist', 'permission_denied'],
  ['FailedOperation.UserUnAuthError', 'permission_denied'],
  ['UnsupportedOperation.NonWhitelistAccount', 'permission_denied'],
  ['OperationDenied.TextIllegalDetected', 'content_filter'],
  ['OperationDenied.ImageIllegalDetected', 'content_filter'],
  ['FailedOperation.GenerateImageFailed', 'content_filter'],
  ['InvalidParameterValue.Model', 'model_not_found'],
  ['InvalidParameter', 'invalid_request'],
  ['InvalidParameter.ImageCountLimitExceededError', 'invalid_request'],
  ['InvalidParameterValue', 'invalid_request'],
  ['InvalidParameterValue.ParameterValueError', 'invalid_request'],
  ['MissingParameter', 'invalid_request'],
  ['UnknownParameter', 'invalid_request'],
  ['FailedOperation.ImageDownloadError', 'invalid_request'],
  ['ActionOffline', 'model_not_found'],
  ['NoSuchVersion', 'model_not_found'],
  ['InvalidAction', 'model_not_found'],
  ['SomethingNew.Entirely', 'upstream_error'],
] as const

describe('an error', () => {
  it.each(table)('%s is %s, with its 200 and with any other status', (code, kind) => {
    for (const status of [200, 500]) {
      for (const body of [{ Response: answerOf(code) }, answerOf(code)]) {
        const error = refusalOf(hunyuanNative, status, JSON.stringify(body))
        expect(error).toMatchObject({ kind, upstreamCode: code, status })
        expect(error.message).toMatch(/^That went wrong/)
      }
    }
  })

  it('may end a free quota only where the platform does not say what is used up', () => {
    const codes = table.map(([code]) => code)
    const ambiguous = codes.filter((code) => {
      return refusalOf(hunyuanNative, 200, JSON.stringify(answerOf(code))).mayMeanFreeQuota
    })
    expect(ambiguous).toEqual(['ResourceInsufficient.ChargeResourceExhaust'])
  })

  it('of a signature out of time tells the operator to look at the clock', () => {
    const error = refusalOf(hunyuanNative, 200, fixture('hunyuan/native-error-signature-expire.json'))
    expect(error.message).toMatch(/^Signature expired \(check the clock of this server/)
  })

  it('shows no secret and says something without a message', () => {
    const echo = JSON.stringify({ Response: { Error: { Code: 'AuthFailure', Message: 'bad a-secret-key' } } })
    expect(refusalOf(hunyuanNative, 200, echo).message).toBe('bad ***')
    const bare = JSON.stringify({ Response: { Error: { Code: 'InternalError' } } })
    expect(refusalOf(hunyuanNative, 200, bare).message).toBe('Tencent Cloud reported InternalError')
  })

  it.each([
    ['<html><title>502 Bad Gateway</title></html>', 502, 'upstream_error'],
    ['', 503, 'overloaded'],
    ['{"Response":', 200, 'upstream_error'],
    ['[]', 200, 'upstream_error'],
    ['{"Response":{"Choices":[]}}', 200, 'upstream_error'],
  ])('of whatever stands in between is read too: %s', (body, status, kind) => {
    expect(refusalOf(hunyuanNative, status, body).kind).toBe(kind)
  })
})

describe('the probe', () => {
  it('counts tokens, which runs no model, and takes only a count for an answer', () => {
    const call = callOf(hunyuanNative)
    expect(hunyuanNative.probe.spends).toBe(false)
    expect(hunyuanNative.probe.request(call)).toMatchObject({
      body: '{"Prompt":"hi"}',
      headers: { 'x-tc-action': 'GetTokenCount' },
    })
    const read = (body: string) =>
      hunyuanNative.probe.read({ status: 200, headers: {} }, Buffer.from(body), call)?.kind
    expect(read('{"Response":{"TokenCount":1}}')).toBeUndefined()
    expect(read('{"TokenCount":1}')).toBeUndefined()
    expect(read('{"hello":"world"}')).toBe('upstream_error')
    expect(read('<html></html>')).toBe('upstream_error')
    expect(read('{"Response":{"Error":{"Code":"FailedOperation.ServiceNotActivated"}}}')).toBe(
      'permission_denied',
    )
  })
})

function answerOf(code: string) {
  return {
    RequestId: '00000000-0000-4000-8000-0000000000e0',
    Error: { Code: code, Message: 'That went wrong' },
  }
}
