import { resolve } from 'node:path'
import { isIP } from 'node:net'
import { nearestNames } from '../../domain/routing/nearest-names.ts'
import { requestSteps, type RequestStep } from '../../ports/steps.ts'
import type { Role } from './arguments.ts'
import { VariableReader, type Environment } from './read-variables.ts'

/** Everything the process is told from outside, read once at start. */
export interface ServiceConfig {
  /** What this process does of what all of them do. */
  readonly role: Role
  readonly port: number
  readonly host: string
  readonly storage: StorageConfig
  readonly configFile: ConfigFile
  /** Opens `/api` as owner; `undefined`: people sign in, scripts cannot. */
  readonly adminKey: string | undefined
  /** `undefined`: one is made and kept in the data directory. */
  readonly masterKey: string | undefined
  readonly durability: 'journal' | 'database'
  /** Whether accounts made in the dashboard may point at private addresses; those of the file always may. */
  readonly privateUpstreams: boolean
  readonly firstByteMs: number
  readonly idleMs: number
  /** Longest life of a request. */
  readonly requestMsMax: number
  /** After that, until what a dead process left held is swept. */
  readonly settlementMs: number
  readonly admissionWaitMs: number
  readonly usefulOutputTokens: number
  readonly journalBytesMax: number
  readonly stopTimeoutMs: number
  readonly bodyBytesMax: number
  /** Single requests older than this many whole months are dropped, their sums stay; `undefined`: nothing is. At least 2. */
  readonly retentionMonths: number | undefined
  /** As clients see the service, without a slash at its end; `undefined`: taken from each request. */
  readonly publicUrl: string | undefined
  readonly logLevel: LogLevel
  /** A rehearsal: the process kills itself when it reaches this step for the `count`th time. */
  readonly crashAt: CrashAt | undefined
}

export interface CrashAt {
  readonly step: RequestStep
  readonly count: number
}

export type StorageConfig =
  | { readonly mode: 'embedded'; readonly dataDirectory: string }
  /** An outside PostgreSQL, counters in the memory of the one process; the journal is in the data directory. */
  | { readonly mode: 'external'; readonly dataDirectory: string; readonly databaseUrl: string }
  /** Any number of processes on one PostgreSQL and one Redis; each has a data directory of its own, for its journal. */
  | {
      readonly mode: 'distributed'
      readonly dataDirectory: string
      readonly databaseUrl: string
      readonly redisUrl: string
    }

export interface ConfigFile {
  /** Absolute. */
  readonly path: string
  /** Somebody named it: that it is missing is an error, not an empty configuration. */
  readonly required: boolean
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export type LogLevel = (typeof logLevels)[number]

/** Throws `ConfigurationError` with every variable that is wrong, its value, and what is allowed. */
export function readEnvironment(env: Environment, role: Role = 'all'): ServiceConfig {
  const read = new VariableReader(env)
  const host = read.text('HOST') ?? '127.0.0.1'
  const configFile = read.text('TOLLGATE_CONFIG')
  const adminKey = readAdminKey(read)
  const masterKey = readMasterKey(read)
  const storage = readStorage(read)
  refuseMisfits(read, storage, role, masterKey)
  const config: ServiceConfig = {
    role,
    port: read.whole('PORT', 8787, { min: 0, max: 65_535 }),
    host,
    storage,
    configFile: { path: resolve(configFile ?? 'tollgate.yaml'), required: configFile !== undefined },
    adminKey,
    masterKey,
    durability: read.choice('LEDGER_DURABILITY', ['journal', 'database']) ?? 'journal',
    // Whoever reaches a service on a loopback address is on the machine already, and so in its network.
    privateUpstreams:
      (read.choice('TOLLGATE_PRIVATE_UPSTREAMS', ['allow', 'refuse']) ??
        (isLoopback(host) ? 'allow' : 'refuse')) === 'allow',
    firstByteMs: read.whole('TOLLGATE_FIRST_BYTE_TIMEOUT_MS', 300_000, { min: 100, max: dayMs }),
    idleMs: read.whole('TOLLGATE_IDLE_TIMEOUT_MS', 60_000, { min: 100, max: dayMs }),
    requestMsMax: read.whole('TOLLGATE_REQUEST_TIMEOUT_MS', 3_600_000, { min: 100, max: dayMs }),
    settlementMs: read.whole('TOLLGATE_SWEEP_AFTER_MS', 60_000, { min: 100, max: dayMs }),
    crashAt: readCrashAt(read),
    admissionWaitMs: read.whole('TOLLGATE_ADMISSION_WAIT_MS', 5_000, { min: 0, max: 600_000 }),
    usefulOutputTokens: read.whole('TOLLGATE_USEFUL_OUTPUT_TOKENS', 256, { min: 1, max: 1_000_000 }),
    journalBytesMax: read.whole('TOLLGATE_JOURNAL_MAX_MB', 256, { min: 1, max: 1_048_576 }) * 1_048_576,
    stopTimeoutMs: read.whole('TOLLGATE_STOP_TIMEOUT_MS', 30_000, { min: 0, max: dayMs }),
    bodyBytesMax: read.whole('TOLLGATE_BODY_MAX_MB', 20, { min: 1, max: 512 }) * 1_048_576,
    retentionMonths: read.optionalWhole('TOLLGATE_RETENTION_MONTHS', { min: 2, max: 1_200 }),
    publicUrl: read.url('TOLLGATE_PUBLIC_URL', ['https:', 'http:'])?.href.replace(/\/+$/, ''),
    logLevel: read.choice('LOG_LEVEL', logLevels) ?? 'info',
  }
  refuseUnknown(read, env)
  read.finish()
  return config
}

const dayMs = 86_400_000

function readStorage(read: VariableReader): StorageConfig {
  const dataDirectory = resolve(read.text('TOLLGATE_DATA_DIR') ?? 'data')
  const databaseUrl = read.url('DATABASE_URL', ['postgresql:', 'postgres:'])?.href
  const redisUrl = read.url('REDIS_URL', ['redis:', 'rediss:'])?.href
  if (databaseUrl === undefined) return { mode: 'embedded', dataDirectory }
  if (redisUrl === undefined) return { mode: 'external', dataDirectory, databaseUrl }
  return { mode: 'distributed', dataDirectory, databaseUrl, redisUrl }
}

/** What is right by itself and wrong together. */
function refuseMisfits(
  read: VariableReader,
  storage: StorageConfig,
  role: Role,
  masterKey: string | undefined,
): void {
  if (read.text('REDIS_URL') !== undefined && read.text('DATABASE_URL') === undefined)
    read.refuse(
      'REDIS_URL',
      undefined,
      'is set without DATABASE_URL: processes that share counters in Redis must share the books in PostgreSQL too. Set DATABASE_URL, or unset REDIS_URL to run one process with a database of its own.',
    )
  if (
    storage.mode === 'distributed' &&
    masterKey === undefined &&
    read.text('TOLLGATE_MASTER_KEY') === undefined
  )
    read.refuse(
      'TOLLGATE_MASTER_KEY',
      undefined,
      'is not set: with REDIS_URL several processes open the same credentials and sessions, so all of them need the same key, e.g. from: openssl rand -base64 32',
    )
  if (role !== 'all' && (read.text('REDIS_URL') === undefined || read.text('DATABASE_URL') === undefined))
    read.refuse(
      `--role ${role}`,
      undefined,
      'leaves a part of the work to other processes, which it can share only with DATABASE_URL and REDIS_URL. Set both, or leave --role out.',
    )
}

/** It opens everything, so it must not be guessed; and it travels in a header. */
function readAdminKey(read: VariableReader): string | undefined {
  const key = read.text('TOLLGATE_ADMIN_KEY')
  if (key !== undefined && !/^[\x21-\x7e]{8,512}$/.test(key))
    read.refuse(
      'TOLLGATE_ADMIN_KEY',
      undefined,
      `(${key.length} characters) must be 8 to 512 letters, digits and signs without blanks, e.g. from: openssl rand -hex 32`,
    )
  return key
}

/** `mid-stream:3`: at the third event that is passed on. */
function readCrashAt(read: VariableReader): CrashAt | undefined {
  const text = read.text('TOLLGATE_CRASH_AT')
  if (text === undefined) return undefined
  const [name, count = '1'] = text.split(':')
  const step = requestSteps.find((candidate) => candidate === name)
  if (step !== undefined && /^[1-9]\d{0,8}$/.test(count)) return { step, count: Number(count) }
  read.refuse(
    'TOLLGATE_CRASH_AT',
    text,
    `must be one of ${requestSteps.join(', ')}, and may end in a count, e.g. mid-stream:3`,
  )
  return undefined
}

/** Keys of encryption are derived from it; 32 characters as `secrets.ts` demands. */
function readMasterKey(read: VariableReader): string | undefined {
  const key = read.text('TOLLGATE_MASTER_KEY')
  if (key !== undefined && key.length < 32)
    read.refuse(
      'TOLLGATE_MASTER_KEY',
      undefined,
      `(${key.length} characters) must have at least 32, e.g. from: openssl rand -base64 32`,
    )
  return key
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

const knownVariables = [
  'TOLLGATE_DATA_DIR',
  'TOLLGATE_CONFIG',
  'TOLLGATE_ADMIN_KEY',
  'TOLLGATE_MASTER_KEY',
  'TOLLGATE_PRIVATE_UPSTREAMS',
  'TOLLGATE_FIRST_BYTE_TIMEOUT_MS',
  'TOLLGATE_IDLE_TIMEOUT_MS',
  'TOLLGATE_ADMISSION_WAIT_MS',
  'TOLLGATE_REQUEST_TIMEOUT_MS',
  'TOLLGATE_SWEEP_AFTER_MS',
  'TOLLGATE_CRASH_AT',
  'TOLLGATE_USEFUL_OUTPUT_TOKENS',
  'TOLLGATE_JOURNAL_MAX_MB',
  'TOLLGATE_STOP_TIMEOUT_MS',
  'TOLLGATE_BODY_MAX_MB',
  'TOLLGATE_RETENTION_MONTHS',
  'TOLLGATE_PUBLIC_URL',
]

/**
 * A mistyped setting must stop the boot, not be found out on the day it was meant for. A name that is like none of ours
 * is somebody's own, for `${NAME}` in tollgate.yaml say.
 */
function refuseUnknown(read: VariableReader, env: Environment): void {
  for (const name of Object.keys(env).sort()) {
    if (!name.startsWith('TOLLGATE_') || knownVariables.includes(name)) continue
    const [near] = nearestNames(withoutPrefix(name), knownVariables.map(withoutPrefix))
    if (near === undefined) continue
    read.refuse(name, undefined, `is not a setting of Tollgate; did you mean TOLLGATE_${near}?`)
  }
}

function withoutPrefix(name: string): string {
  return name.slice('TOLLGATE_'.length)
}
