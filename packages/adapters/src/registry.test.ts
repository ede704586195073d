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
})
