import { describe, expect, it } from 'vitest'
import type { Account, CatalogueProtocol } from '../../shared/api/types.ts'
import { readConnectionChange, type ConnectionValues } from './connection-change.ts'

const field = (name: string, required = false) => ({ name, required, label: name, example: null })

const ark: CatalogueProtocol = {
  protocol: 'ark',
  recommended: true,
  defaultBaseUrl: 'https://ark.example/api/v3',
  credentials: [field('apiKey'), field('accessKeyId'), field('secretAccessKey')],
  credentialSets: [['apiKey'], ['accessKeyId', 'secretAccessKey']],
  options: [],
  probeSpends: false,
}
const openServer: CatalogueProtocol = { ...ark, credentials: [field('apiKey')], credentialSets: null }

const stored: Account = {
  id: '01a2097f-785a-7eed-9c8c-120ae2a2e022',
  name: 'main',
  provider: 'ark',
  protocol: 'ark',
  baseUrl: 'https://ark.example/api/v3',
  options: { projectName: 'research' },
  credentials: { accessKeyId: 'AKL…4f2a', secretAccessKey: '…' },
  enabled: true,
  origin: 'api',
  state: 'ok',
  stateMessage: null,
  stateAt: null,
  models: [],
  createdAt: '2026-11-30T00:00:00Z',
  updatedAt: '2026-11-30T00:00:00Z',
}
const untouched: ConnectionValues = {
  baseUrl: 'https://ark.example/api/v3',
  way: '',
  credentials: {},
  options: { projectName: 'research' },
}

const changeOf = (
  values: Partial<ConnectionValues>,
  account: Account = stored,
  protocol: CatalogueProtocol = ark,
) => {
  const { way, missing, patch } = readConnectionChange(account, protocol, { ...untouched, ...values })
  return { way: way?.id, missing: [...missing], patch }
}

describe('a change of a connection', () => {
  it('starts at the stored way, with nothing to save', () => {
    expect(changeOf({})).toEqual({ way: 'accessKeyId', missing: [], patch: {} })
  })

  it('replaces credentials as a whole, of the same way or of another one', () => {
    expect(changeOf({ credentials: { accessKeyId: 'new' } }).missing).toEqual(['secretAccessKey'])
    expect(changeOf({ credentials: { accessKeyId: 'new', secretAccessKey: 'pair' } })).toMatchObject({
      missing: [],
      patch: { credentials: { accessKeyId: 'new', secretAccessKey: 'pair' } },
    })
    expect(changeOf({ way: 'apiKey' }).missing).toEqual(['apiKey'])
    expect(changeOf({ way: 'apiKey', credentials: { apiKey: 'key', accessKeyId: 'left' } }).patch).toEqual({
      credentials: { apiKey: 'key' },
    })
  })

  it('asks for the credentials again at another address, and for none where there are none', () => {
    const elsewhere = 'https://elsewhere.example'
    expect(changeOf({ baseUrl: elsewhere }).missing).toEqual(['accessKeyId', 'secretAccessKey'])
    expect(changeOf({ baseUrl: ' ' }).patch.baseUrl).toBeNull()
    const keyed = { ...stored, credentials: { apiKey: '…' } }
    expect(changeOf({ baseUrl: elsewhere }, keyed, openServer).missing).toEqual(['apiKey'])
    expect(changeOf({ baseUrl: elsewhere }, { ...stored, credentials: {} }, openServer)).toMatchObject({
      missing: [],
      patch: { baseUrl: elsewhere, credentials: {} },
    })
  })

  it('changes options without credentials', () => {
    expect(changeOf({ options: { projectName: ' other ' } }).patch).toEqual({
      options: { projectName: 'other' },
    })
    expect(changeOf({ options: { projectName: '' } }).patch).toEqual({ options: {} })
    expect(changeOf({ options: { projectName: 'research', region: '' } }).patch).toEqual({})
  })
})
