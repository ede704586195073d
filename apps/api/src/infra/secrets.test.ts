import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SecretsUnreadable } from '../ports/secrets.ts'
import { deriveKeys, loadMasterKeys, secretsWith } from './secrets.ts'

const masterKey = 'a master key of more than 32 characters'
const credentials = { apiKey: 'sk-0123456789abcdef', secretKey: '密钥' }

describe('credentials at rest', () => {
  const secrets = secretsWith(deriveKeys(masterKey).credentials)

  it('come back as they were and hold nothing readable', () => {
    const sealed = secrets.seal('account-1', credentials)
    expect(secrets.open('account-1', sealed)).toEqual(credentials)
    expect(Buffer.from(sealed).includes('sk-0123')).toBe(false)
    expect(Buffer.from(secrets.seal('account-1', credentials)).equals(Buffer.from(sealed))).toBe(false)
  })

  it('open for their own account only, with their own key only, and not when a bit is changed', () => {
    const sealed = secrets.seal('account-1', credentials)
    expect(() => secrets.open('account-2', sealed)).toThrow(SecretsUnreadable)
    const others = secretsWith(deriveKeys('another master key of 32 characters').credentials)
    expect(() => others.open('account-1', sealed)).toThrow(SecretsUnreadable)
    for (const index of [0, 1, 13, sealed.length - 1]) {
      const changed = Uint8Array.from(sealed)
      changed[index] = (changed[index] ?? 0) ^ 1
      expect(() => secrets.open('account-1', changed), `byte ${index}`).toThrow(SecretsUnreadable)
    }
    expect(() => secrets.open('account-1', sealed.subarray(0, 20))).toThrow(SecretsUnreadable)
  })
})

describe('the master key', () => {
  it('gives each purpose a key of its own', () => {
    const keys = deriveKeys(masterKey)
    expect(keys.credentials.toString('hex')).not.toBe(keys.sessions)
  })

  let directory = ''
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tollgate-secrets-'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  it('is made once, kept for the next start, and readable by its owner only', async () => {
    const dataDirectory = join(directory, 'data')
    const starts = await Promise.all(
      [1, 2, 3].map(() => loadMasterKeys({ masterKey: undefined, dataDirectory })),
    )
    const again = await loadMasterKeys({ masterKey: undefined, dataDirectory })
    for (const keys of starts) expect(keys).toEqual(again)
    const path = join(dataDirectory, 'master.key')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await readFile(path, 'utf8')).trim()).toHaveLength(44)
  })

  it('is taken from the environment before the file, and a short one stops the start', async () => {
    await writeFile(join(directory, 'master.key'), 'short\n')
    const given = await loadMasterKeys({ masterKey, dataDirectory: directory })
    expect(given.sessions).toBe(deriveKeys(masterKey).sessions)
    await expect(loadMasterKeys({ masterKey: undefined, dataDirectory: directory })).rejects.toThrow(
      'master.key',
    )
    await expect(loadMasterKeys({ masterKey: 'hunter2', dataDirectory: directory })).rejects.toThrow(
      'TOLLGATE_MASTER_KEY (7 characters) must have at least 32',
    )
  })
})
