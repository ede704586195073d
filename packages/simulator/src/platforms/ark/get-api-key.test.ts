import { Signer } from '@volcengine/openapi'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type JsonObject, isObject } from '../../json.ts'
import { type Simulator, startSimulator } from '../../simulator.ts'
import { at, chat, endpointOf, objectIn } from '../../testing/client.ts'
import { fixture, shapeOf } from '../../testing/shape.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const lite = 'ep-sim-doubao-1-5-lite-32k-250115'
const asked = { DurationSeconds: 60, ResourceType: 'endpoint', ResourceIds: [lite] }

interface Signing {
  readonly aheadSeconds?: number
  readonly region?: string
  readonly service?: string
  readonly secretKey?: string
  /** Signed beside what the signer signs anyway. */
  readonly signedToo?: Readonly<Record<string, string>>
  /** Set or, with `undefined`, left out after everything was signed. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly bodySent?: string
  readonly query?: string
}

/** Signs with the vendor's signer, then breaks what the test wants broken. */
async function getApiKey(body: JsonObject | string, signing: Signing = {}) {
  const { accessKeyId = '', secretAccessKey = '' } = endpointOf(simulator, 'ark').signedCredentials ?? {}
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const request = {
    region: signing.region ?? 'cn-beijing',
    method: 'POST',
    params: { Action: 'GetApiKey', Version: '2024-01-01' },
    headers: { ...signing.signedToo } as Record<string, string>,
    body: text,
  }
  const signer = new Signer(request, signing.service ?? 'ark')
  const now = new Date(Date.now() + 1000 * (signing.aheadSeconds ?? 0))
  signer.addAuthorization({ accessKeyId, secretKey: signing.secretKey ?? secretAccessKey }, now)
  const headers = Object.entries({ ...request.headers, ...signing.headers }).filter(
    (header): header is [string, string] => header[1] !== undefined,
  )
  const query = signing.query ?? 'Action=GetApiKey&Version=2024-01-01'
  const response = await fetch(`${simulator.url}/?${query}`, {
    method: 'POST',
    headers,
    body: signing.bodySent ?? text,
  })
  return { status: response.status, json: objectIn(await response.text()) }
}

describe('a good signature of the control plane is accepted', () => {
  it.each<[string, Signing]>([
    ['of the headers that the vendor signs', {}],
    ['with a clock ten minutes off', { aheadSeconds: -600 }],
    ['with the parameters in another order', { query: 'Version=2024-01-01&Action=GetApiKey' }],
    ['with more headers signed', { signedToo: { 'X-Project-Name': ' of   mine ' } }],
  ])('%s', async (_name, signing) => {
    const { status, json } = await getApiKey(asked, signing)
    expect([status, typeof at(json, 'Result.ApiKey')]).toEqual([200, 'string'])
  })
})

describe('a bad signature of the control plane is refused', () => {
  it.each<[string, string, number, Signing]>([
    ['another body', 'SignatureDoesNotMatch', 401, { bodySent: '{}' }],
    [
      'another hash of the body',
      'SignatureDoesNotMatch',
      401,
      { headers: { 'X-Content-Sha256': '0'.repeat(64) } },
    ],
    ['no hash of the body', 'SignatureDoesNotMatch', 401, { headers: { 'X-Content-Sha256': undefined } }],
    [
      'another value of a signed header',
      'SignatureDoesNotMatch',
      401,
      { signedToo: { 'X-Project-Name': 'a' }, headers: { 'X-Project-Name': 'b' } },
    ],
    ['another region', 'SignatureDoesNotMatch', 401, { region: 'cn-shanghai' }],
    ['another service', 'SignatureDoesNotMatch', 401, { service: 'iam' }],
    ['another secret', 'SignatureDoesNotMatch', 401, { secretKey: 'wrong' }],
    ['more in the query', 'SignatureDoesNotMatch', 401, { query: 'Action=GetApiKey&Version=2024-01-01&X=1' }],
    ['a clock behind', 'InvalidTimestamp', 400, { aheadSeconds: -1000 }],
    ['a clock ahead', 'InvalidTimestamp', 400, { aheadSeconds: 1000 }],
    ['a date that is none', 'InvalidTimestamp', 400, { headers: { 'X-Date': 'today' } }],
    ['no date', 'MissingRequestInfo', 400, { headers: { 'X-Date': undefined } }],
    ['no authorization', 'MissingAuthenticationToken', 401, { headers: { Authorization: undefined } }],
    ['a bearer key', 'MissingSignature', 401, { headers: { Authorization: 'Bearer ark-sim' } }],
  ])('%s: %s', async (_name, code, status, signing) => {
    const reply = await getApiKey(asked, signing)
    expect([reply.status, at(reply.json, 'ResponseMetadata.Error.Code')]).toEqual([status, code])
    expect(simulator.sessionsOpened('ark')).toBe(0)
  })

  it('in the form and words of the wire sample', async () => {
    const { json } = await getApiKey(asked, { secretKey: 'wrong' })
    const sample: unknown = JSON.parse(fixture('ark/getapikey-error.json'))
    expect(shapeOf(json)).toEqual(shapeOf(sample))
    expect(at(json, 'ResponseMetadata.Error')).toEqual(at(sample, 'ResponseMetadata.Error'))
    expect(String(at(json, 'ResponseMetadata.RequestId'))).toMatch(/^20\d{12}[0-9A-F]{16}$/)
  })
})

describe('GetApiKey takes what is documented and nothing else', () => {
  it.each<[string, JsonObject]>([
    ['the longest time', { DurationSeconds: 2_592_000 }],
    ['a bot', { ResourceType: 'bot', ResourceIds: ['bot-sim-1'] }],
    ['an endpoint with the look of a real one', { ResourceIds: ['ep-20260101000000-simch'] }],
  ])('%s', async (_name, more) => {
    expect((await getApiKey({ ...asked, ...more })).status).toBe(200)
  })

  it.each<[string, string, JsonObject]>([
    ['no time', 'MissingParameter', { DurationSeconds: undefined }],
    ['a negative time', 'InvalidParameter', { DurationSeconds: -1 }],
    ['a time that is too long', 'InvalidParameter', { DurationSeconds: 2_592_001 }],
    ['a broken time', 'InvalidParameter', { DurationSeconds: 1.5 }],
    ['a time in a text', 'InvalidParameter', { DurationSeconds: '60' }],
    ['no type', 'MissingParameter', { ResourceType: undefined }],
    ['an unknown type', 'InvalidParameter', { ResourceType: 'model' }],
    ['no resources', 'MissingParameter', { ResourceIds: undefined }],
    ['an empty list', 'InvalidParameter', { ResourceIds: [] }],
    ['a bare id', 'InvalidParameter', { ResourceIds: lite }],
    ['an id that is no text', 'InvalidParameter', { ResourceIds: [lite, 1] }],
    ['an endpoint that does not exist', 'ResourceNotFound', { ResourceIds: ['ep-20260101000000-abcde'] }],
    ['a model in place of an endpoint', 'ResourceNotFound', { ResourceIds: ['doubao-seed-evolving'] }],
    ['a preset endpoint as an endpoint', 'ResourceNotFound', { ResourceIds: [lite.replace('ep-', 'ep-m-')] }],
    ['an endpoint as a preset one', 'ResourceNotFound', { ResourceType: 'presetendpoint', ProjectName: 'a' }],
  ])('%s: %s', async (_name, code, more) => {
    const reply = await getApiKey({ ...asked, ...more })
    expect(at(reply.json, 'ResponseMetadata.Error.Code')).toBe(code)
    expect(reply.status).toBe(code === 'ResourceNotFound' ? 404 : 400)
    expect(simulator.sessionsOpened('ark')).toBe(0)
  })

  it('and no body that is no object', async () => {
    expect(at((await getApiKey('[')).json, 'ResponseMetadata.Error.Code')).toBe('InvalidParameter')
  })
})

describe('endpoints stand for models', () => {
  it('with any key of the account', async () => {
    const names = ['ep-20260101000000-simch', 'ep-sim-glm-5-2-260617', 'ep-m-sim-glm-5-2-260617']
    const models = await Promise.all(
      names.map(async (model) => {
        const messages = [{ role: 'user', content: 'a' }]
        return (await chat(simulator, 'ark', { model, messages })).json['model']
      }),
    )
    expect(models).toEqual(['doubao-seed-2-0-lite-260428', 'glm-5-2-260617', 'glm-5-2-260617'])
  })

  it('that exist', async () => {
    const body = { model: 'ep-sim-none', messages: [{ role: 'user', content: 'a' }] }
    expect((await chat(simulator, 'ark', body)).status).toBe(404)
  })
})

describe('faults reach GetApiKey as an exchange of credentials', () => {
  it('with the errors of the control plane, and leave the calls alone', async () => {
    simulator.addFault({ match: { sessions: true }, fault: { code: 'rate-limit' } })
    const messages = [{ role: 'user', content: 'a' }]
    expect((await chat(simulator, 'ark', { model: lite, messages })).status).toBe(200)
    const { status, json } = await getApiKey(asked)
    expect([status, at(json, 'ResponseMetadata.Error.Code')]).toEqual([429, 'APIAccountRpmRateLimitExceeded'])
    expect((await getApiKey(asked)).status).toBe(200)
  })

  it('and not those of other accounts', async () => {
    const match = { sessions: true, account: 'AKLTsimOther' }
    simulator.addFault({ match, fault: { code: 'internal' } })
    expect((await getApiKey(asked)).status).toBe(200)
  })

  it('and can hold the key back', async () => {
    simulator.addFault({ match: { sessions: true }, fault: { delayMs: 40 } })
    const startedAt = performance.now()
    const { json } = await getApiKey(asked)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(39)
    expect(isObject(json['Result'])).toBe(true)
  })
})
