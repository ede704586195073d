import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Simulator, startSimulator } from '../../simulator.ts'
import { at } from '../../testing/client.ts'
import { fixture } from '../../testing/shape.ts'
import { type Signing, sendTencent, tencentChat } from '../../testing/tencent.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const send = (signing: Signing) => sendTencent(simulator, 'ChatCompletions', tencentChat('你好'), signing)

describe('a good signature is accepted', () => {
  it.each<[string, Signing]>([
    ['with content-type and host', {}],
    ['with the action signed as well', { signedToo: ['x-tc-action'] }],
    ['with every header signed', { signedToo: ['x-tc-action', 'x-tc-timestamp', 'x-tc-version'] }],
    ['with a charset in the content type', { contentType: 'application/json; charset=utf-8' }],
    ['with a clock four minutes off', { aheadSeconds: 240 }],
    ['with a region', { headers: { 'x-tc-region': 'ap-guangzhou' } }],
  ])('%s', async (_name, signing) => {
    const sent = await send(signing)
    expect(at(sent.json, 'Response.Choices.0.Message.Role'), sent.text).toBe('assistant')
  })

  it('of any id of the look, whose key is the id and -secret', async () => {
    const sent = await send({ secretId: 'AKIDsimTwo' })
    expect(at(sent.json, 'Response.Choices.0.FinishReason'), sent.text).toBe('stop')
    expect(simulator.bill().lines).toMatchObject([{ account: 'AKIDsimTwo', protocol: 'hunyuan-native' }])
  })
})

describe('a bad signature is refused with the code of what is wrong', () => {
  it.each<[string, string, Signing]>([
    ['an id of no account', 'AuthFailure.SecretIdNotFound', { secretId: 'AKIDnobody' }],
    ['an id of another look', 'AuthFailure.SecretIdNotFound', { secretId: 'sim' }],
    ['the key of another id', 'AuthFailure.SignatureFailure', { secretKey: 'AKIDsimTwo-secret' }],
    ['another body', 'AuthFailure.SignatureFailure', { bodySent: JSON.stringify(tencentChat('你坏')) }],
    [
      'another content type',
      'AuthFailure.SignatureFailure',
      { headers: { 'content-type': 'application/json; charset=utf-8' } },
    ],
    [
      'another value of a signed header',
      'AuthFailure.SignatureFailure',
      { signedToo: ['x-tc-region'], headers: { 'x-tc-region': 'ap-beijing' } },
    ],
    ['a signed header that was not sent', 'AuthFailure.SignatureFailure', { signedToo: ['x-tc-region'] }],
    ['a clock behind', 'AuthFailure.SignatureExpire', { aheadSeconds: -310 }],
    ['a clock ahead', 'AuthFailure.SignatureExpire', { aheadSeconds: 310 }],
    ['another service', 'AuthFailure.InvalidAuthorization', { service: 'cvm' }],
    ['another day', 'AuthFailure.InvalidAuthorization', { date: '2025-01-01' }],
    ['another scheme', 'AuthFailure.InvalidAuthorization', { headers: { authorization: 'Bearer sk-sim-1' } }],
    [
      'a timestamp that is none',
      'AuthFailure.InvalidAuthorization',
      { headers: { 'x-tc-timestamp': 'now' } },
    ],
    ['the token of a temporary key', 'AuthFailure.TokenFailure', { headers: { 'x-tc-token': 'abc' } }],
    ['no authorization', 'MissingParameter', { headers: { authorization: undefined } }],
    ['no version', 'MissingParameter', { headers: { 'x-tc-version': undefined } }],
    ['no timestamp', 'MissingParameter', { headers: { 'x-tc-timestamp': undefined } }],
    ['another version', 'NoSuchVersion', { headers: { 'x-tc-version': '2017-03-12' } }],
  ])('%s: %s', async (_name, code, signing) => {
    const sent = await send(signing)
    expect(sent.status).toBe(200)
    expect(sent.headers.get('content-type')).toBe('application/json')
    expect(at(sent.json, 'Response.Error.Code'), sent.text).toBe(code)
    expect(at(sent.json, 'Response.RequestId')).toBe(sent.headers.get('x-tc-requestid'))
    expect(simulator.requests()).toMatchObject([{ outcome: 'refused', status: 200 }])
    expect(simulator.bill().totals.requests).toBe(0)
  })

  it.each<[string, Signing, string]>([
    ['the id', { secretId: 'AKIDnobody' }, 'native-error-secretid.json'],
    ['the signature', { secretKey: 'wrong' }, 'native-error-signature.json'],
    ['the clock', { aheadSeconds: -310 }, 'native-error-signature-expire.json'],
  ])('whose words are those of the wire sample: %s', async (_name, signing, file) => {
    const error = at((await send(signing)).json, 'Response.Error')
    expect(error).toEqual(at(JSON.parse(fixture(`hunyuan/${file}`)), 'Response.Error'))
  })

  it('also where the action is named in the query alone', async () => {
    const response = await fetch(`${simulator.url}/?Action=ChatCompletions`, {
      method: 'POST',
      headers: { authorization: 'TC3-HMAC-SHA256 Credential=a' },
      body: '{}',
    })
    expect(await response.text()).toContain('missing a required parameter `Action`')
  })
})
