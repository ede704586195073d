import { Service } from '@volcengine/openapi'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../json.ts'
import { type Simulator, startSimulator } from '../../simulator.ts'
import { at, chat, endpointOf, send } from '../../testing/client.ts'
import { fixture, shapeOf } from '../../testing/shape.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const lite = 'ep-sim-doubao-1-5-lite-32k-250115'
const pro = 'ep-sim-doubao-1-5-pro-32k-250115'
const asked = { DurationSeconds: 604_800, ResourceType: 'endpoint', ResourceIds: [lite] }

interface Setup {
  readonly accessKeyId?: string
  readonly secretKey?: string
  readonly version?: string
}

/** Volcengine's own client, as published. Only its configuration says that the control plane is here. */
async function getApiKey(body: JsonObject, setup: Setup = {}): Promise<unknown> {
  const { signedCredentials } = endpointOf(simulator, 'ark')
  const service = new Service({
    accessKeyId: setup.accessKeyId ?? signedCredentials?.['accessKeyId'] ?? '',
    secretKey: setup.secretKey ?? signedCredentials?.['secretAccessKey'] ?? '',
    serviceName: 'ark',
    region: 'cn-beijing',
    host: `127.0.0.1:${simulator.port}`,
    protocol: 'http:',
  })
  return service.createJSONAPI('GetApiKey', { Version: setup.version ?? '2024-01-01' })(body)
}

const keyFor = async (body: JsonObject) => String(at(await getApiKey(body), 'Result.ApiKey'))
const say = (model: string) => ({ model, messages: [{ role: 'user', content: 'a [[sim tokens=3]]' }] })

describe("a key that Volcengine's own client asked for", () => {
  it('comes in the form of the wire sample and lasts as long as asked', async () => {
    const reply = await getApiKey(asked)
    expect(shapeOf(reply)).toEqual(shapeOf(JSON.parse(fixture('ark/getapikey-response.json'))))
    const left = Number(at(reply, 'Result.ExpiredTime')) - Date.now() / 1000
    expect(left).toBeGreaterThan(604_700)
    expect(left).toBeLessThanOrEqual(604_801)
    expect(simulator.sessionsOpened('ark')).toBe(1)
  })

  it('works for its endpoint, on the account of the access key', async () => {
    const key = await keyFor(asked)
    const sent = await chat(simulator, 'ark', say(lite), { key })
    expect(sent.status, sent.text).toBe(200)
    expect(sent.json['model']).toBe('doubao-1-5-lite-32k-250115')
    const account = endpointOf(simulator, 'ark').signedCredentials?.['accessKeyId']
    expect(simulator.bill().lines).toMatchObject([{ account, model: 'doubao-1-5-lite-32k-250115' }])
  })

  it('works for no other endpoint, nor for the model under its own name', async () => {
    const key = await keyFor(asked)
    for (const model of [pro, 'doubao-1-5-lite-32k-250115', 'ep-m-sim-doubao-1-5-lite-32k-250115']) {
      const sent = await chat(simulator, 'ark', say(model), { key })
      expect([sent.status, at(sent.json, 'error.code')]).toEqual([403, 'AccessDenied'])
    }
    expect(simulator.bill().totals.requests).toBe(0)
  })

  it('works for embeddings, when asked for several endpoints', async () => {
    const embedding = 'ep-sim-doubao-embedding-large-text-240915'
    const key = await keyFor({ ...asked, ResourceIds: [lite, embedding] })
    const sent = await send(simulator, 'ark', '/embeddings', { model: embedding, input: 'a' }, { key })
    expect(sent.status, sent.text).toBe(200)
    expect((await chat(simulator, 'ark', say(lite), { key })).status).toBe(200)
  })

  it('works for a preset endpoint of a project', async () => {
    const preset = 'ep-m-sim-doubao-seed-2-0-lite-260428'
    const body = { ...asked, ResourceType: 'presetendpoint', ResourceIds: [preset] }
    expect(at(await getApiKey(body), 'ResponseMetadata.Error.Code')).toBe('MissingParameter')
    const key = await keyFor({ ...body, ProjectName: 'default' })
    expect((await chat(simulator, 'ark', say(preset), { key })).status).toBe(200)
  })

  it('is no key any more after its time, or when the platform ends it', async () => {
    const over = await keyFor({ ...asked, DurationSeconds: 0 })
    const ended = await keyFor(asked)
    expect((await chat(simulator, 'ark', say(lite), { key: ended })).status).toBe(200)
    simulator.expireSessions()
    for (const key of [over, ended]) {
      const sent = await chat(simulator, 'ark', say(lite), { key })
      expect([sent.status, at(sent.json, 'error.code')]).toEqual([401, 'AuthenticationError'])
    }
  })

  it('is not handed out for a wrong key, a wrong secret or another version', async () => {
    const codes = [
      await getApiKey(asked, { accessKeyId: 'AKLTnobody' }),
      await getApiKey(asked, { secretKey: 'wrong' }),
      await getApiKey(asked, { version: '2023-01-01' }),
    ].map((reply) => at(reply, 'ResponseMetadata.Error.Code'))
    expect(codes).toEqual(['InvalidAccessKey', 'SignatureDoesNotMatch', 'InvalidActionOrVersion'])
    expect(simulator.sessionsOpened('ark')).toBe(0)
  })

  it('is of any access key of the look, whose secret is the key and -secret', async () => {
    const reply = await getApiKey(asked, { accessKeyId: 'AKLTsimTwo', secretKey: 'AKLTsimTwo-secret' })
    const key = String(at(reply, 'Result.ApiKey'))
    await chat(simulator, 'ark', say(lite), { key })
    expect(simulator.bill().lines).toMatchObject([{ account: 'AKLTsimTwo' }])
  })
})
