import { describe, expect, it } from 'vitest'
import { chatClients, snippet, snippetLanguages } from './snippets.ts'

const connection = { baseUrl: 'http://gate.lan:8787/v1', secret: 'sk-tg-secret', model: 'qwen-plus' }

describe('snippets', () => {
  it.each(snippetLanguages)('carry address, key and model: %s', (language) => {
    const code = snippet(language, connection)
    for (const part of [connection.baseUrl, connection.secret, connection.model]) expect(code).toContain(part)
  })

  it('make curl ask for one path, not for /v1 twice', () => {
    expect(snippet('curl', connection)).toContain('http://gate.lan:8787/v1/chat/completions')
  })

  it('leave /v1 away for the clients that add it themselves', () => {
    const addresses = Object.fromEntries(
      chatClients.map(({ name, baseUrl }) => [name, baseUrl(connection.baseUrl)]),
    )
    expect(addresses).toMatchObject({
      'Cherry Studio': 'http://gate.lan:8787',
      NextChat: 'http://gate.lan:8787',
      LobeChat: 'http://gate.lan:8787/v1',
      Dify: 'http://gate.lan:8787/v1',
    })
  })
})
