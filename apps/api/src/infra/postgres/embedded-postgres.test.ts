import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  query,
  quietLog,
  testDataDirectory,
  usePreparedDatabase,
} from '../../../test/support/embedded-postgres.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { readPostmasterFile } from './postmaster-file.ts'

const start = (dataDirectory: string) => startEmbeddedPostgres({ dataDirectory, log: quietLog })

describe('the embedded PostgreSQL', () => {
  const prepared = usePreparedDatabase()

  it('keeps its data from one start to the next', async () => {
    const dataDirectory = await testDataDirectory()
    const first = await start(dataDirectory)
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
    await first.stop()
    const second = await start(dataDirectory)
    try {
      expect(second.directory).toBe(join(dataDirectory, 'postgres'))
      expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
    } finally {
      await second.stop()
    }
  })

  it('stops cleanly, though sessions are open: nothing is left to recover or to run', async () => {
    const dataDirectory = await prepared()
    const postgres = await start(dataDirectory)
    const held = query(postgres.url, 'SELECT pg_sleep(600)').catch((error: unknown) => String(error))
    const sleeping = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'`
    await expect.poll(() => query(postgres.url, sleeping)).toEqual([{ n: 1 }])
    await postgres.stop()
    expect(await held).toMatch(/terminating connection/)
    expect(await readPostmasterFile(postgres.directory)).toBeUndefined()
    expect(await readFile(join(dataDirectory, 'postgres.log'), 'utf8')).toMatch(
      /database system is shut down\s*$/,
    )
  })

  it('lets nobody in without the password, which only its owner can read', async () => {
    const dataDirectory = await prepared()
    const postgres = await start(dataDirectory)
    try {
      const wrong = new URL(postgres.url)
      wrong.password = 'guess'
      await expect(query(wrong.toString(), 'SELECT 1')).rejects.toThrow(/password authentication failed/)
      const [auth] = await query(
        postgres.url,
        `SELECT string_agg(DISTINCT auth_method, ',') AS methods FROM pg_hba_file_rules`,
      )
      expect(auth).toEqual({ methods: 'scram-sha-256' })
      const passwordFile = join(dataDirectory, 'postgres-password')
      expect((await stat(passwordFile)).mode & 0o777).toBe(0o600)
      expect((await readFile(passwordFile, 'utf8')).trim()).toBe(new URL(postgres.url).password)
      expect((await stat(postgres.directory)).mode & 0o077).toBe(0)
    } finally {
      await postgres.stop()
    }
  })

  it('listens on this machine alone', async () => {
    const postgres = await start(await prepared())
    try {
      const { hostname, port } = new URL(postgres.url)
      expect(hostname).toBe('127.0.0.1')
      const others = Object.values(networkInterfaces())
        .flatMap((addresses) => addresses ?? [])
        .filter(({ internal, family }) => !internal && family === 'IPv4')
      for (const { address } of others) {
        expect(await connects(address, Number(port)), address).toBe(false)
      }
      expect(await connects('127.0.0.1', Number(port))).toBe(true)
      expect(await query(postgres.url, 'SHOW unix_socket_directories')).toEqual([
        { unix_socket_directories: '' },
      ])
    } finally {
      await postgres.stop()
    }
  })

  it('speaks UTF-8 and orders texts the same on every machine, whatever locales it has', async () => {
    const postgres = await start(await prepared())
    try {
      const [row] = await query(
        postgres.url,
        `SELECT current_setting('server_encoding') AS encoding, current_setting('TimeZone') AS zone,
                lower('ÄÉΩ通义') AS lower, (SELECT string_agg(t, '' ORDER BY t) FROM unnest('{b,a,B,A,ä}'::text[]) t) AS sorted`,
      )
      expect(row).toEqual({ encoding: 'UTF8', zone: 'UTC', lower: 'äéω通义', sorted: 'ABabä' })
    } finally {
      await postgres.stop()
    }
  })

  it('opens a database whose password was lost', async () => {
    const dataDirectory = await prepared()
    const first = await start(dataDirectory)
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
    await first.stop()
    await rm(join(dataDirectory, 'postgres-password'))
    const second = await start(dataDirectory)
    try {
      expect(new URL(second.url).password).not.toBe(new URL(first.url).password)
      expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
    } finally {
      await second.stop()
    }
  })

  it('refuses a database of another major version and leaves it as it is', async () => {
    const dataDirectory = await testDataDirectory()
    await mkdir(join(dataDirectory, 'postgres'), { recursive: true })
    await writeFile(join(dataDirectory, 'postgres/PG_VERSION'), '15\n')
    await expect(start(dataDirectory)).rejects.toMatchObject({
      code: 'wrong_major_version',
      message: expect.stringContaining(`${dataDirectory}/postgres holds a database of PostgreSQL 15`),
    })
    expect(await readFile(join(dataDirectory, 'postgres/PG_VERSION'), 'utf8')).toBe('15\n')
  })

  it('refuses a data directory that is a file, by its name', async () => {
    const dataDirectory = await testDataDirectory()
    await writeFile(dataDirectory, '')
    await expect(start(dataDirectory)).rejects.toMatchObject({
      code: 'data_directory_not_writable',
      message: expect.stringContaining(dataDirectory),
    })
  })

  it('begins anew where making the database was interrupted', async () => {
    const dataDirectory = await testDataDirectory()
    await mkdir(join(dataDirectory, 'postgres.new/base'), { recursive: true })
    await writeFile(join(dataDirectory, 'postgres.new/PG_VERSION'), '18\n')
    const postgres = await start(dataDirectory)
    try {
      expect(await query(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    } finally {
      await postgres.stop()
    }
  })

  it('says what the server said when it does not start', async () => {
    const dataDirectory = await prepared()
    const first = await start(dataDirectory)
    await first.stop()
    const configuration = join(first.directory, 'postgresql.conf')
    await chmod(configuration, 0o644)
    await writeFile(configuration, 'shared_buffers = lots\n')
    await expect(start(dataDirectory)).rejects.toMatchObject({
      code: 'server_failed',
      message: expect.stringContaining('invalid value for parameter "shared_buffers": "lots"'),
    })
  })
})

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 2_000 })
    const answer = (connected: boolean) => {
      socket.destroy()
      resolve(connected)
    }
    socket.on('connect', () => answer(true))
    socket.on('error', () => answer(false))
    socket.on('timeout', () => answer(false))
  })
}
