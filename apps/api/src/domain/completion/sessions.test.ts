import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { adapters } from '@tollgate/adapters'
import type { Call } from '@tollgate/adapters/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../../../test/support/until.ts'
import { ProviderTransport } from '../../infra/transport/provider-transport.ts'
import { TransportProber } from '../../infra/transport/transport-prober.ts'
import type { AccountEntry } from '../snapshot/snapshot.ts'
import { Sessions } from './sessions.ts'

/** A control plane that mints keys of an hour, one after another, when it is let. */
const plane = { minted: 0, refused: 0, refuses: false, held: Promise.resolve() }
const hourMs = 3_600_000
let nowMs = Date.UTC(2026, 0, 1)
let url: string
let sessions: Sessions

const server = createServer((request, response) => {
  request.resume().on('end', () => void plane.held.then(() => response.end(mint())))
})

function mint(): string {
  if (plane.refuses) {
    plane.refused += 1
    return '{"ResponseMetadata":{"Error":{"Code":"InvalidAccessKey","Message":"no"}}}'
  }
  plane.minted += 1
  return JSON.stringify({ Result: { ApiKey: `key-${plane.minted}`, ExpiredTime: (nowMs + hourMs) / 1000 } })
}

const transport = new ProviderTransport({ privateAllowed: true })

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

beforeEach(() => {
  plane.minted = 0
  plane.refused = 0
  plane.refuses = false
  plane.held = Promise.resolve()
  sessions = new Sessions({
    prober: new TransportProber(transport),
    clock: { now: () => nowMs },
    log: { info() {}, warn() {}, error() {} },
  })
})

afterAll(async () => {
  await transport.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

describe('a session with a provider', () => {
  it('is opened once for all who wait for it, and kept', async () => {
    const keys = await Promise.all(Array.from({ length: 50 }, () => keyFor('ep-1')))
    expect(new Set(keys)).toEqual(new Set(['key-1']))
    expect(await keyFor('ep-1')).toBe('key-1')
    expect(plane.minted).toBe(1)
  })

  it('is one for each thing it is good for, and for each account', async () => {
    expect(await keyFor('ep-1')).toBe('key-1')
    expect(await keyFor('ep-2')).toBe('key-2')
    expect(await keyFor('ep-1', { id: 'other' })).toBe('key-3')
  })

  it('is opened anew when the credentials of the account change', async () => {
    await keyFor('ep-1')
    const credentials = { accessKeyId: 'AKLT2', secretAccessKey: 'other' }
    expect(await keyFor('ep-1', { credentials })).toBe('key-2')
  })

  it('is renewed in the background before its end, and nobody waits for that', async () => {
    await keyFor('ep-1')
    nowMs += hourMs - 14 * 60_000
    let release = () => {}
    plane.held = new Promise((resolve) => (release = resolve))
    // Answered at once, while the control plane still thinks.
    expect(await keyFor('ep-1')).toBe('key-1')
    expect(await keyFor('ep-1')).toBe('key-1')
    release()
    await until(async () => (await keyFor('ep-1')) === 'key-2')
    expect(plane.minted).toBe(2)
  })

  it('is waited for when the old one is nearly over', async () => {
    await keyFor('ep-1')
    nowMs += hourMs - 60_000
    expect(await keyFor('ep-1')).toBe('key-2')
  })

  it('stays in use when its renewal fails in good time', async () => {
    await keyFor('ep-1')
    nowMs += hourMs - 14 * 60_000
    plane.refuses = true
    expect(await keyFor('ep-1')).toBe('key-1')
    await until(() => plane.refused === 1)
    expect(await keyFor('ep-1')).toBe('key-1')
    nowMs += 31_000
    expect(await keyFor('ep-1')).toBe('key-1')
    await until(() => plane.refused === 2)
  })

  it('is replaced once when the platform no longer takes it, however many requests were told so', async () => {
    const account = accountOf()
    const stale = await Promise.all(Array.from({ length: 20 }, () => entered('ep-1')))
    for (const { call } of stale) sessions.refused(account, call)
    expect(await keyFor('ep-1')).toBe('key-2')
    // The slow ones are told of the old session after the new one is there.
    for (const { call } of stale) sessions.refused(account, call)
    expect(await keyFor('ep-1')).toBe('key-2')
    expect(plane.minted).toBe(2)
  })

  it('is told apart: opened for this call, or earlier', async () => {
    expect((await entered('ep-1')).isNew).toBe(true)
    expect((await entered('ep-1')).isNew).toBe(false)
  })

  it('tells why none could be opened, and tries again for the next request', async () => {
    plane.refuses = true
    const refused = await sessions.enter(accountOf(), callOf('ep-1', accountOf()))
    expect(refused).toMatchObject({ ok: false, error: { kind: 'invalid_credentials' } })
    plane.refuses = false
    expect(await keyFor('ep-1')).toBe('key-1')
    const nobody = accountOf({ options: { controlUrl: 'http://127.0.0.1:1' } })
    expect(await sessions.enter(nobody, callOf('ep-9', nobody))).toMatchObject({
      ok: false,
      error: { kind: 'unreachable' },
    })
  })

  it('costs no turn of the event loop where none is needed', () => {
    const account = accountOf({ credentials: { apiKey: 'ark-1' } })
    expect(sessions.enter(account, callOf('ep-1', account))).toMatchObject({ ok: true, isNew: false })
  })
})

async function keyFor(model: string, change: Partial<AccountEntry> = {}): Promise<string | undefined> {
  return (await entered(model, change)).call.session?.['apiKey']
}

async function entered(model: string, change: Partial<AccountEntry> = {}) {
  const account = accountOf(change)
  const result = await sessions.enter(account, callOf(model, account))
  if (!result.ok) throw result.error
  return result
}

function accountOf(change: Partial<AccountEntry> = {}): AccountEntry {
  return {
    id: 'account',
    name: 'ark-main',
    provider: 'ark',
    adapter: adapters.ark,
    baseUrl: 'https://ark.test/api/v3',
    credentials: { accessKeyId: 'AKLT1', secretAccessKey: 'secret' },
    options: { controlUrl: url },
    origin: 'yaml',
    ...change,
  }
}

function callOf(upstreamModel: string, { credentials, baseUrl, options }: AccountEntry): Call {
  return { credentials, baseUrl, options, upstreamModel, requestId: 'request', nowMs }
}
