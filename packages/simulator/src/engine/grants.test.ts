import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { chat, chatBody, endpointOf, open, protocols, until } from '../testing/client.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const hello = '[[sim tokens=13]]'
const tokensEach = 4 + Math.ceil(hello.length / 4) + 13

const status = async (protocol: string, key?: string) =>
  (await chat(simulator, protocol, chatBody(protocol, hello), key === undefined ? {} : { key })).status

describe('a grant on the provider side', () => {
  it.each(protocols)('%s: at zero a stopping grant is told in the platform’s own words', async (protocol) => {
    const { provider } = endpointOf(simulator, protocol)
    simulator.setGrant({ provider, tokens: tokensEach, whenEmpty: 'provider-stops' })
    expect(await status(protocol)).toBe(200)
    const refused = await chat(simulator, protocol, chatBody(protocol, hello))
    expect(refused.status).toBeGreaterThanOrEqual(400)
    simulator.addFault({ fault: { code: 'free-quota' } })
    simulator.setGrant({ provider, tokens: 1, whenEmpty: 'provider-stops' })
    const told = await chat(simulator, protocol, chatBody(protocol, hello))
    const withoutIds = (text: string) => text.replaceAll(/[0-9a-f]{8}[0-9a-f-]{20,}/g, 'ID')
    expect([refused.status, withoutIds(refused.text)]).toEqual([told.status, withoutIds(told.text)])
    expect(simulator.bill().totals).toMatchObject({ requests: 1, freeTokens: tokensEach, paidTokens: 0 })
  })

  it('a call that began with one token left is finished, and what goes beyond is paid', async () => {
    simulator.setGrant({ provider: 'tongyi', tokens: tokensEach + 1, whenEmpty: 'provider-stops' })
    expect(await status('tongyi-compatible')).toBe(200)
    expect(await status('tongyi-compatible')).toBe(200)
    expect(await status('tongyi-compatible')).toBe(403)
    expect(simulator.bill().totals).toMatchObject({
      requests: 2,
      freeTokens: tokensEach + 1,
      paidTokens: tokensEach - 1,
    })
  })

  it('calls that run when the grant runs dry are finished', async () => {
    simulator.setGrant({ provider: 'ark', tokens: 1, whenEmpty: 'provider-stops' })
    const body = chatBody('ark', '[[sim tokens=9 gap=5]]', { stream: true })
    const running = await Promise.all([1, 2, 3].map(() => open(simulator, 'ark', '/chat/completions', body)))
    simulator.setGrant({ provider: 'ark', tokens: 0, whenEmpty: 'provider-stops' })
    expect(await status('ark')).toBe(429)
    for (const response of running) expect(await response.text()).toMatch(/data: \[DONE\]\n\n$/)
    expect(simulator.bill().totals.requests).toBe(3)
  })

  it('a billing grant charges silently when it is empty', async () => {
    simulator.setGrant({ provider: 'tongyi', tokens: tokensEach + 3, whenEmpty: 'provider-bills' })
    for (let count = 0; count < 3; count += 1) expect(await status('tongyi-compatible')).toBe(200)
    expect(simulator.bill().totals).toMatchObject({
      freeTokens: tokensEach + 3,
      paidTokens: 2 * tokensEach - 3,
      totalTokens: 3 * tokensEach,
    })
  })

  it('belongs to its account and model', async () => {
    simulator.setGrant({
      provider: 'tongyi',
      account: 'sk-sim-a',
      model: 'qwen-plus',
      tokens: 0,
      whenEmpty: 'provider-stops',
    })
    expect(await status('tongyi-compatible', 'sk-sim-a')).toBe(403)
    expect(await status('tongyi-compatible', 'sk-sim-b')).toBe(200)
    const other = { ...chatBody('tongyi-compatible', hello), model: 'qwen-turbo' }
    expect((await chat(simulator, 'tongyi-compatible', other, { key: 'sk-sim-a' })).status).toBe(200)
  })

  it('the narrower of two grants is used up first', async () => {
    simulator.setGrant({ provider: 'tongyi', tokens: 10, whenEmpty: 'provider-stops' })
    simulator.setGrant({
      provider: 'tongyi',
      model: 'qwen-plus',
      tokens: tokensEach,
      whenEmpty: 'provider-stops',
    })
    expect(await status('tongyi-compatible')).toBe(200)
    expect(await status('tongyi-compatible')).toBe(200)
    expect(await status('tongyi-compatible')).toBe(403)
    expect(simulator.bill().totals.freeTokens).toBe(tokensEach + 10)
  })

  it('is filled up by setting it again', async () => {
    simulator.setGrant({ provider: 'spark', tokens: 0, whenEmpty: 'provider-stops' })
    expect(await status('spark-http')).toBe(403)
    simulator.setGrant({ provider: 'spark', tokens: 1, whenEmpty: 'provider-stops' })
    expect(await status('spark-http')).toBe(200)
  })
})

describe('magicubes of modelscope', () => {
  const balance = async () => {
    const response = await fetch(`${simulator.url}/openapi/v1/magicubes/balance`, {
      headers: { authorization: 'Bearer ms-sim-modelscope-1' },
    })
    return ((await response.json()) as { data: unknown }).data
  }

  it('are spent by calls and reserved by running ones', async () => {
    expect(await balance()).toEqual({ total_balance: 250, available_balance: 250, frozen_amount: 0 })
    expect(await status('modelscope')).toBe(200)
    expect(await balance()).toEqual({ total_balance: 250, available_balance: 249, frozen_amount: 0 })
    simulator.addFault({ fault: { delayMs: 60_000 } })
    const hangUp = new AbortController()
    const body = { ...chatBody('modelscope', 'a'), model: 'deepseek-ai/DeepSeek-V4-Pro' }
    const waiting = open(simulator, 'modelscope', '/chat/completions', body, { signal: hangUp.signal })
    await until(() => simulator.requests().length === 2)
    expect(await balance()).toEqual({ total_balance: 250, available_balance: 247, frozen_amount: 2 })
    hangUp.abort()
    await expect(waiting).rejects.toThrow('aborted')
    await until(() => simulator.requests()[0]?.outcome !== undefined)
    expect(await balance()).toEqual({ total_balance: 250, available_balance: 247, frozen_amount: 0 })
  })

  it('limit calls once an allowance is set', async () => {
    simulator.setGrant({ provider: 'modelscope', magicubes: 2 })
    expect([await status('modelscope'), await status('modelscope'), await status('modelscope')]).toEqual([
      200, 200, 429,
    ])
    expect(await balance()).toEqual({ total_balance: 2, available_balance: 0, frozen_amount: 0 })
  })
})
