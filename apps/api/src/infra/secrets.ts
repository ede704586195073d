import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigurationError } from './config/configuration-error.ts'
import { SecretsUnreadable, type Credentials, type Secrets } from '../ports/secrets.ts'

/**
 * Keys made from the one master key, each for one purpose, by HKDF-SHA256 (RFC 5869) without salt and with the purpose
 * as info: what is learned about one says nothing about the other.
 */
export interface MasterKeys {
  /** 32 bytes: AES-256-GCM of providers' credentials. Info: `tollgate credentials v1`. */
  readonly credentials: Buffer
  /** Hex of 32 bytes: signs session cookies. Info: `tollgate sessions v1`. */
  readonly sessions: string
}

/**
 * The master key is `TOLLGATE_MASTER_KEY`, any text of at least 32 characters (`openssl rand -base64 32`), or the content
 * of `master.key` in the data directory, which is made at the first start, readable by its owner only. Losing it loses
 * the credentials. Throws `ConfigurationError` for one that is too short.
 */
export async function loadMasterKeys(input: {
  readonly masterKey: string | undefined
  readonly dataDirectory: string
}): Promise<MasterKeys> {
  return deriveKeys(input.masterKey ?? (await readOrMakeKeyFile(input.dataDirectory)))
}

export function deriveKeys(masterKey: string): MasterKeys {
  if (masterKey.length < masterKeyCharactersMin)
    throw new ConfigurationError(
      `TOLLGATE_MASTER_KEY (${masterKey.length} characters) must have at least ${masterKeyCharactersMin}, e.g. from: openssl rand -base64 32`,
    )
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', masterKey, '', purpose, 32))
  return {
    credentials: derive('tollgate credentials v1'),
    sessions: derive('tollgate sessions v1').toString('hex'),
  }
}

const masterKeyCharactersMin = 32

/** AES-256-GCM. Layout of what is stored: version (1 byte), nonce (12), tag (16), ciphertext of the JSON. The account's id is authenticated with it. */
export function secretsWith(key: Buffer): Secrets {
  return {
    seal(accountId, credentials) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated(accountId))
      const sealed = Buffer.concat([cipher.update(JSON.stringify(credentials), 'utf8'), cipher.final()])
      return new Uint8Array(Buffer.concat([Buffer.from([version]), nonce, cipher.getAuthTag(), sealed]))
    },
    open(accountId, sealed) {
      try {
        return readCredentials(decrypt(key, accountId, Buffer.from(sealed)))
      } catch {
        throw new SecretsUnreadable(accountId)
      }
    },
  }
}

const version = 1
const nonceBytes = 12
const tagBytes = 16

function decrypt(key: Buffer, accountId: string, sealed: Buffer): unknown {
  if (sealed[0] !== version) throw new Error('unknown layout')
  const nonce = sealed.subarray(1, 1 + nonceBytes)
  const tag = sealed.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
    .setAAD(associated(accountId))
    .setAuthTag(tag)
  const text = Buffer.concat([decipher.update(sealed.subarray(1 + nonceBytes + tagBytes)), decipher.final()])
  return JSON.parse(text.toString('utf8'))
}

function associated(accountId: string): Buffer {
  return Buffer.from(`account:${accountId}`, 'utf8')
}

function readCredentials(value: unknown): Credentials {
  if (typeof value !== 'object' || value === null) throw new Error('not an object')
  const entries = Object.entries(value)
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string'))
    throw new Error('not text')
  return Object.fromEntries(entries)
}

async function readOrMakeKeyFile(dataDirectory: string): Promise<string> {
  const path = join(dataDirectory, 'master.key')
  await mkdir(dataDirectory, { recursive: true })
  // Written whole under another name and then linked: nobody ever reads half a key, and of two starters one wins.
  const draft = `${path}.${randomBytes(8).toString('hex')}`
  try {
    const file = await open(draft, 'wx', 0o600)
    await file.writeFile(`${randomBytes(32).toString('base64')}\n`)
    await file.sync()
    await file.close()
    await link(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await rm(draft, { force: true })
  }
  const found = (await readFile(path, 'utf8')).trim()
  if (found.length < masterKeyCharactersMin)
    throw new ConfigurationError(
      `${path} does not hold a master key. Restore it from your backup, or set TOLLGATE_MASTER_KEY.`,
    )
  return found
}
