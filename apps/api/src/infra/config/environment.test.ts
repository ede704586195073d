import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readArguments, type Role } from './arguments.ts'
import { ConfigurationError } from './configuration-error.ts'
import { readEnvironment } from './environment.ts'

const shared = {
  DATABASE_URL: 'postgresql://tollgate:secret@db:5432/tollgate',
  REDIS_URL: 'redis://:secret@redis:6379',
  TOLLGATE_MASTER_KEY: 'a master key of 32 characters, or more',
}

describe('readEnvironment', () => {
  it('runs embedded on this machine alone when nothing is set', () => {
    expect(readEnvironment({ PATH: '/bin' })).toEqual({
      role: 'all',
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
      requestMsMax: 3_600_000,
      settlementMs: 60_000,
      crashAt: undefined,
      admissionWaitMs: 5_000,
      usefulOutputTokens: 256,
      journalBytesMax: 256 * 1_048_576,
      stopTimeoutMs: 30_000,
      bodyBytesMax: 20 * 1_048_576,
      retentionMonths: undefined,
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

  it('shares everything with other processes when PostgreSQL and Redis are both outside', () => {
    const config = readEnvironment(
      { ...shared, TOLLGATE_DATA_DIR: '/data', TOLLGATE_RETENTION_MONTHS: '13' },
      'worker',
    )
    expect(config.storage).toEqual({
      mode: 'distributed',
      dataDirectory: '/data',
      databaseUrl: shared.DATABASE_URL,
      redisUrl: shared.REDIS_URL,
    })
    expect(config).toMatchObject({
      role: 'worker',
      masterKey: shared.TOLLGATE_MASTER_KEY,
      retentionMonths: 13,
    })
  })

  it('refuses counters that are shared beside books that are not', () => {
    expect(refusal({ ...shared, DATABASE_URL: '' })).toMatch(
      /REDIS_URL is set without DATABASE_URL: .*Set DATABASE_URL/,
    )
  })

  it('refuses several processes without one master key for all of them', () => {
    expect(refusal({ ...shared, TOLLGATE_MASTER_KEY: '' })).toMatch(
      /TOLLGATE_MASTER_KEY is not set: .*the same key/,
    )
    const short = refusal({ ...shared, TOLLGATE_MASTER_KEY: 'short' })
    expect(short).toContain('must have at least 32')
    expect(short).not.toContain('is not set')
  })

  it.each(['api', 'worker'] as const)('refuses the role %s where nobody else can do the rest', (role) => {
    for (const env of [{}, { DATABASE_URL: shared.DATABASE_URL }])
      expect(refusal(env, role)).toMatch(new RegExp(`--role ${role} leaves .*DATABASE_URL and REDIS_URL`))
  })

  it('keeps at least two months of requests', () => {
    expect(refusal({ TOLLGATE_RETENTION_MONTHS: '1' })).toContain('must be a whole number from 2 to 1200')
  })

  it('repeats no secret in what it says', () => {
    const message = refusal({
      TOLLGATE_ADMIN_KEY: 'hunter2',
      DATABASE_URL: 'mysql://root:p@/hunter2@db/tollgate',
      REDIS_URL: 'http://:hunter2@redis',
      TOLLGATE_MASTER_KEY: 'hunter2',
    })
    expect(message).toContain('TOLLGATE_ADMIN_KEY (7 characters) must be 8 to 512')
    expect(message).toContain('DATABASE_URL="mysql://…@db/tollgate"')
    expect(message).toContain('REDIS_URL="http://…@redis" must be an address such as redis://host')
    expect(message).not.toContain('hunter2')
  })
})

describe('readArguments', () => {
  it('knows the demo and the role, and refuses the rest', () => {
    expect(readArguments([])).toEqual({ demo: false, role: 'all' })
    expect(readArguments(['--demo'])).toEqual({ demo: true, role: 'all' })
    expect(readArguments(['--role', 'worker'])).toEqual({ demo: false, role: 'worker' })
    expect(readArguments(['--role=api'])).toEqual({ demo: false, role: 'api' })
    expect(() => readArguments(['--dmeo'])).toThrow(/"--dmeo"; did you mean --demo/)
    expect(() => readArguments(['--role', 'woker'])).toThrow(
      /--role "woker" is not known; .*all, api, worker/,
    )
    expect(() => readArguments(['--role'])).toThrow(/--role is followed by nothing/)
    expect(() => readArguments(['--demo', '--role', 'api'])).toThrow(/one process/)
  })
})

function refusal(env: Record<string, string>, role?: Role): string {
  try {
    readEnvironment(env, role)
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message
    throw error
  }
  throw new Error('the environment was accepted')
}
