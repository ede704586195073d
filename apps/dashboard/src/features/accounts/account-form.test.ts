import { describe, expect, it } from 'vitest'
import type { CatalogueProtocol, CatalogueProvider } from '../../shared/api/types.ts'
import { accountInput, missingFields, settingOf, testInput, type AccountFormValues } from './account-form.ts'

const field = (name: string, required: boolean) => ({ name, required, label: name, example: null })

const keyOrPair: CatalogueProtocol = {
  protocol: 'ark',
  recommended: true,
  defaultBaseUrl: 'https://ark.example/api/v3',
  credentials: [
    field('apiKey', false),
    field('accessKeyId', false),
    field('secretAccessKey', false),
    field('token', false),
  ],
  credentialSets: [['apiKey'], ['accessKeyId', 'secretAccessKey']],
  options: [],
  probeSpends: false,
}
const native: CatalogueProtocol = {
  ...keyOrPair,
  protocol: 'ark-native',
  recommended: false,
  credentials: [field('apiKey', true), field('secretKey', true)],
  credentialSets: null,
}
const model = {
  name: 'm',
  kind: 'chat',
  contextTokens: null,
  maxOutputTokens: null,
  capabilities: [],
  price: null,
  asOf: '2026-11',
}
const provider: CatalogueProvider = {
  provider: 'ark',
  protocols: [keyOrPair, native],
  models: [model],
  grants: [],
}

const typed: AccountFormValues = {
  name: 'main',
  protocol: 'ark',
  way: '',
  baseUrl: '',
  credentials: { apiKey: ' key\n', accessKeyId: 'id' },
  options: { region: '' },
  models: [],
}

const formOf = (change: Partial<AccountFormValues>) => {
  const values = { ...typed, ...change }
  const setting = settingOf(provider, values)
  return {
    missing: [...missingFields(setting, values)],
    account: accountInput(setting, values),
    test: testInput(setting, values),
  }
}

describe('the account form', () => {
  it('sends the credentials of the chosen way only, and keeps what was typed for another one to itself', () => {
    expect(formOf({}).account).toEqual({
      name: 'main',
      provider: 'ark',
      protocol: 'ark',
      credentials: { apiKey: 'key' },
    })
    expect(formOf({ way: 'accessKeyId' }).test.credentials).toEqual({ accessKeyId: 'id' })
    expect(formOf({ protocol: 'ark-native' }).test.credentials).toEqual({ apiKey: 'key' })
  })

  it('misses what the chosen way needs, and nothing of the other one', () => {
    expect(formOf({}).missing).toEqual([])
    expect(formOf({ way: 'accessKeyId' }).missing).toEqual(['secretAccessKey'])
    expect(formOf({ way: 'accessKeyId', credentials: { apiKey: 'key' } }).missing).toEqual([
      'accessKeyId',
      'secretAccessKey',
    ])
    expect(formOf({ credentials: { apiKey: '  ' } }).missing).toEqual(['apiKey'])
    expect(formOf({ protocol: 'ark-native' }).missing).toEqual(['secretKey'])
  })

  it('sends a credential that is in no way along with the one that was chosen', () => {
    const credentials = { apiKey: 'key', accessKeyId: 'id', secretAccessKey: 'secret', token: 't' }
    expect(formOf({ credentials }).test.credentials).toEqual({ apiKey: 'key', token: 't' })
    expect(formOf({ credentials, way: 'accessKeyId' }).test.credentials).toEqual({
      accessKeyId: 'id',
      secretAccessKey: 'secret',
      token: 't',
    })
  })
})
