import { describe, expect, it } from 'vitest'
import { adapterFor, adapters, protocolsOf, recommendedProtocol, type Protocol } from './index.ts'

const protocols = Object.keys(adapters) as Protocol[]

describe('the registry', () => {
  it.each(protocols)('finds %s under its own name, as a protocol of its provider', (protocol) => {
    const adapter = adapterFor(protocol)
    expect(adapter.protocol).toBe(protocol)
    expect(protocolsOf(adapter.provider)).toContain(protocol)
  })

  it('recommends a protocol for every provider', () => {
    expect(recommendedProtocol('hunyuan')).toBe('tokenhub')
    expect(recommendedProtocol('tongyi')).toBe('tongyi-compatible')
    expect(recommendedProtocol('openai-compatible')).toBe('openai')
    for (const protocol of protocols) {
      const { provider } = adapterFor(protocol)
      expect(adapterFor(recommendedProtocol(provider)).provider).toBe(provider)
    }
  })

  it.each(protocols)('has %s ask for secrets by distinct names, with a place to send them', (protocol) => {
    const { credentials, options, defaultBaseUrl, provider } = adapterFor(protocol)
    const names = [...credentials, ...options].map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    if (provider === 'openai-compatible') expect(defaultBaseUrl).toBeUndefined()
    else expect(defaultBaseUrl).toMatch(/^https:\/\/[^/]+(\/.*)?[^/]$/)
  })

  it.each([
    [
      'qianfan-v1',
      ['ernie-speed-8k', 'ernie-4.0-8k', 'bge-large-zh'],
      ['ernie-4.5-turbo-128k', 'qwen3-30b-a3b'],
    ],
    ['tokenhub', ['hy3'], ['hunyuan-lite']],
    ['hunyuan-openai', ['hunyuan-lite'], ['hy3']],
    ['hunyuan-native', ['hunyuan-lite', 'hunyuan-embedding'], ['hy3']],
    ['spark-http', ['lite', '4.0Ultra'], ['spark-x']],
    ['spark-websocket', ['lite', 'spark-x'], ['astron-code-latest']],
  ] as const)('has %s offer by itself what is to be had there', (protocol, served, others) => {
    const { serves, defaultBaseUrl: baseUrl = '' } = adapterFor(protocol)
    for (const model of served) expect(serves?.(model, { baseUrl, options: {} }), model).toBe(true)
    for (const model of others) expect(serves?.(model, { baseUrl, options: {} }), model).toBe(false)
  })

  it('knows that the address chooses the model of Spark too', () => {
    const { serves } = adapterFor('spark-http')
    for (const path of ['v2', 'x2', 'agent/v1']) {
      const place = { baseUrl: `https://spark-api-open.xf-yun.com/${path}`, options: {} }
      expect([serves?.('spark-x', place), serves?.('lite', place)]).toEqual([true, false])
    }
  })
})
