import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readArguments } from './arguments.ts'
import { ConfigurationError } from './configuration-error.ts'
import { readEnvironment } from './environment.ts'

describe('readEnvironment', () => {
  it('runs embedded on this machine alone when nothing is set', () => {
    expect(readEnvironment({ PATH: '/bin' })).toEqual({
      port: 8787,
      host: '127.0.0.1',
      storage: { mode: 'embedded', dataDirectory: resolve('data') },
      configFile: { path: resolve('tollgate.yaml'), required: false },
      adminKey: undefined,
      masterKey: undefined,
      durability: 'journal',
      privateUpstreams: true,
      firstByteMs: 300_000,
      idleMs: 60_000,
      admissionWaitMs: 5_000,
      usefulOutputTokens: 256,
      journalBytesMax: 256 * 1_048_576,
      stopTimeoutMs: 30_000,
      bodyBytesMax: 20 * 1_048_576,
      publicUrl: undefined,
      logLevel: 'info',
    })
  })

  it('takes an empty variable for unset, as container files pass them on', () => {
    expect(readEnvironment({ PORT: '', DATABASE_URL: ' ', REDIS_URL: '', TOLLGATE_CONFIG: '' })).toEqual(
      readEnvironment({}),
    )
  })

  it('uses an outside PostgreSQL when there is one, and demands a file that somebody named', () => {
    const config = readEnvironment({
      DATABASE_URL: 'postgresql://tollgate:secret@db:5432/tollgate?sslmode=require',
      TOLLGATE_DATA_DIR: '/var/lib/tollgate',
      TOLLGATE_CONFIG: '/etc/tollgate.yaml',
      TOLLGATE_PUBLIC_URL: 'https://ai.example.com/',
    })
    expect(config.storage).toEqual({
      mode: 'external',
      dataDirectory: '/var/lib/tollgate',
      databaseUrl: 'postgresql://tollgate:secret@db:5432/tollgate?sslmode=require',
    })
    expect(config.configFile).toEqual({ path: '/etc/tollgate.yaml', required: true })
    expect(config.publicUrl).toBe('https://ai.example.com')
  })

  it('keeps private upstreams to a service that only this machine reaches, unless told otherwise', () => {
    const allowed = (env: Record<string, string>) => readEnvironment(env).privateUpstreams
    expect([
      allowed({ HOST: 'localhost' }),
      allowed({ HOST: '::1' }),
      allowed({ HOST: '127.8.8.8' }),
    ]).toEqual([true, true, true])
    expect([
      allowed({ HOST: '0.0.0.0' }),
      allowed({ HOST: '::' }),
      allowed({ HOST: '127.example.com' }),
    ]).toEqual([false, false, false])
    expect(allowed({ HOST: '0.0.0.0', TOLLGATE_PRIVATE_UPSTREAMS: 'allow' })).toBe(true)
    expect(allowed({ TOLLGATE_PRIVATE_UPSTREAMS: 'refuse' })).toBe(false)
  })

  it('lists every wrong variable with its value and what is allowed', () => {
    const message = refusal({
      PORT: '87x',
      LEDGER_DURABILITY: 'disk',
      LOG_LEVEL: 'loud',
      TOLLGATE_BODY_MAX_MB: '0',
      TOLLGATE_PUBLIC_URL: 'ai.example.com',
    })
    expect(message).toContain('PORT="87x" must be a whole number from 0 to 65535')
    expect(message).toContain('LEDGER_DURABILITY="disk" must be one of journal, database')
    expect(message).toContain('LOG_LEVEL="loud" must be one of trace, debug, info, warn, error, fatal')
    expect(message).toContain('TOLLGATE_BODY_MAX_MB="0" must be a whole number from 1 to 512')
    expect(message).toContain('TOLLGATE_PUBLIC_URL="ai.example.com" must be an address')
  })

  it('names the nearest setting when one is mistyped', () => {
    expect(refusal({ TOLLGATE_ADMINKEY: 'x'.repeat(32) })).toContain(
      'TOLLGATE_ADMINKEY is not a setting of Tollgate; did you mean TOLLGATE_ADMIN_KEY?',
    )
  })

  it('says why Redis does not help yet', () => {
    expect(refusal({ REDIS_URL: 'redis://localhost' })).toMatch(
      /REDIS_URL is set: .*Unset it to run one process/,
    )
  })

  it('repeats no secret in what it says', () => {
    const message = refusal({
      TOLLGATE_ADMIN_KEY: 'hunter2',
      DATABASE_URL: 'mysql://root:p@/hunter2@db/tollgate',
      REDIS_URL: 'redis://:hunter2@redis',
    })
    expect(message).toContain('TOLLGATE_ADMIN_KEY (7 characters) must be 8 to 512')
    expect(message).toContain('DATABASE_URL="mysql://…@db/tollgate"')
    expect(message).not.toContain('hunter2')
  })
})

describe('readArguments', () => {
  it('knows the demo and refuses the rest', () => {
    expect(readArguments([])).toEqual({ demo: false })
    expect(readArguments(['--demo'])).toEqual({ demo: true })
    expect(() => readArguments(['--dmeo'])).toThrow(/"--dmeo"; did you mean --demo/)
  })
})

function refusal(env: Record<string, string>): string {
  try {
    readEnvironment(env)
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message
    throw error
  }
  throw new Error('the environment was accepted')
}
