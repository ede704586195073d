import { describe, expect, it } from 'vitest'
import { nameWay } from './credential-ways.ts'

const field = (label: string, required = true) => ({ name: label, required, label, example: null })

describe('a way to prove oneself', () => {
  it.each([
    [
      [field('SecretId (访问管理 / API 密钥管理)'), field('SecretKey'), field('Token', false)],
      'SecretId + SecretKey',
    ],
    [[field('API Key（应用接入）'), field('Secret Key')], 'API Key + Secret Key'],
    [[field('API key', false)], 'API key'],
  ])('is named after what must be entered', (fields, name) => {
    expect(nameWay({ id: 'x', fields })).toBe(name)
  })
})
