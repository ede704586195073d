import { execFile } from 'node:child_process'
import { chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import {
  query,
  quietLog,
  started,
  startTestService,
  testDataDirectory,
  testFolder,
} from '../../../test/support/embedded-postgres.ts'
import { choosePlace } from './choose-place.ts'
import { chooseServerUser, type ServerUser } from './choose-server-user.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { binariesIn, locateBinaries } from './locate-binaries.ts'
import { runProgram } from './run-program.ts'

const weAreRoot = process.getuid?.() === 0
/** A clone in a closed folder cannot be run by anybody else. */
const othersCanRunUs =
  weAreRoot &&
  (await runProgram(process.execPath, ['--version'], { user: await serverUser() })).exitCode === 0

describe.runIf(weAreRoot)('as root, the embedded PostgreSQL', () => {
  it('runs as another user, on a database that is closed to others', async () => {
    const dataDirectory = await testDataDirectory()
    const postgres = await startEmbeddedPostgres({ dataDirectory, log: quietLog })
    try {
      const user = await serverUser()
      expect(user.uid).not.toBe(0)
      expect(await stat(postgres.directory)).toMatchObject({ uid: user.uid, gid: user.gid })
      expect((await stat(join(dataDirectory, 'postgres-password'))).uid).toBe(0)
    } finally {
      await postgres.stop()
    }
  })

  it('stays in a data directory that is closed itself: its user may pass through, and nobody else', async () => {
    const dataDirectory = await testDataDirectory()
    await mkdir(dataDirectory, { mode: 0o700 })
    const postgres = await startEmbeddedPostgres({ dataDirectory, log: quietLog })
    await postgres.stop()
    expect(postgres.directory).toBe(join(dataDirectory, 'postgres'))
    const { gid } = await serverUser()
    expect(await stat(dataDirectory)).toMatchObject({ uid: 0, gid, mode: 0o40710 })
  })

  it('keeps its database elsewhere when its user cannot enter the data directory, says so, and finds it again', async () => {
    const dataDirectory = await testDataDirectory({ closed: true })
    const sharedHome = join(await testFolder(), 'shared')
    const said: object[] = []
    const log = { ...quietLog, info: (fields: object) => void said.push(fields) }
    const first = await startEmbeddedPostgres({ dataDirectory, sharedHome, log })
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
    await first.stop()
    expect(first.directory).toMatch(new RegExp(`^${sharedHome}/[0-9a-f]{12}/postgres$`))
    expect(said).toContainEqual(expect.objectContaining({ databaseDirectory: first.directory }))
    const pointer = await readFile(join(dataDirectory, 'postgres-location'), 'utf8')
    expect(`${pointer.trim()}/postgres`).toBe(first.directory)

    const second = await startEmbeddedPostgres({ dataDirectory, sharedHome, log: quietLog })
    try {
      expect(second.directory).toBe(first.directory)
      expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
    } finally {
      await second.stop()
    }
  })

  it('sets the database of a deleted data directory aside instead of opening or deleting it', async () => {
    const dataDirectory = await testDataDirectory({ closed: true })
    const sharedHome = join(await testFolder(), 'shared')
    const first = await startEmbeddedPostgres({ dataDirectory, sharedHome, log: quietLog })
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
    await first.stop()
    await rm(dataDirectory, { recursive: true })

    const second = await startEmbeddedPostgres({ dataDirectory, sharedHome, log: quietLog })
    try {
      await expect(query(second.url, 'SELECT answer FROM kept')).rejects.toThrow(/does not exist/)
    } finally {
      await second.stop()
    }
    const homes = await readdir(sharedHome)
    expect(homes.filter((name) => name.includes('-left-'))).toHaveLength(1)
  })

  it('copies its programs, once, when its user cannot reach them', async () => {
    const closed = await testFolder()
    const packaged = await locateBinaries()
    await promisify(execFile)('cp', ['-a', packaged.directory, join(closed, 'native')])
    await chmod(closed, 0o700)
    const sharedHome = join(await testFolder(), 'shared')
    const input = {
      dataDirectory: await testFolder(),
      packaged: binariesIn(join(closed, 'native'), packaged.build),
      user: await serverUser(),
      sharedHome,
      log: quietLog,
    }
    const { binaries } = await choosePlace(input)
    expect(binaries.directory).toBe(join(sharedHome, 'programs', packaged.build))
    const version = await runProgram(binaries.initdb, ['--version'], { user: input.user })
    expect(version).toMatchObject({ exitCode: 0, output: expect.stringContaining('PostgreSQL') })
    const copiedAt = (await stat(binaries.directory)).birthtimeMs
    expect((await choosePlace(input)).binaries).toEqual(binaries)
    expect((await stat(binaries.directory)).birthtimeMs).toBe(copiedAt)
  })

  it('says what to do where it has no place to go', async () => {
    const dataDirectory = await testDataDirectory({ closed: true })
    const file = join(await testFolder(), 'file')
    await writeFile(file, '')
    const sharedHome = join(file, 'shared')
    await expect(startEmbeddedPostgres({ dataDirectory, sharedHome, log: quietLog })).rejects.toMatchObject({
      code: 'data_directory_not_writable',
      message: expect.stringMatching(`cannot enter ${dataDirectory} .*${sharedHome} .*DATABASE_URL`),
    })
  })

  describe('on a machine without a user for it', () => {
    const path = process.env['PATH']
    afterEach(() => {
      process.env['PATH'] = path
    })

    it('says what to do when none can be made', async () => {
      process.env['PATH'] = '/nonexistent'
      const choosing = chooseServerUser({ existingDatabase: undefined, log: quietLog })
      await expect(choosing).rejects.toMatchObject({
        code: 'no_server_user',
        message: expect.stringMatching(/system user named tollgate.*ordinary user.*DATABASE_URL/s),
      })
    })
  })
})

describe.runIf(othersCanRunUs)('as an ordinary user, the embedded PostgreSQL', () => {
  it('runs as that user and needs no other', async () => {
    const user = await serverUser()
    const dataDirectory = await testDataDirectory()
    await mkdir(dataDirectory)
    await chown(dataDirectory, user.uid, user.gid)
    const service = await startTestService(dataDirectory, { user })
    const { url, directory } = started(service)
    expect(directory).toBe(join(dataDirectory, 'postgres'))
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await service.end('SIGTERM')
    expect(await readFile(join(dataDirectory, 'postgres.log'), 'utf8')).toContain('is shut down')
  })

  it('names the data directory that it cannot write', async () => {
    const dataDirectory = await testDataDirectory()
    await mkdir(dataDirectory)
    const service = await startTestService(dataDirectory, { user: await serverUser() })
    expect(service.answer).toMatchObject({
      code: 'data_directory_not_writable',
      message: expect.stringContaining(dataDirectory),
    })
  })

  it("does not touch another user's database", async () => {
    const dataDirectory = await testDataDirectory()
    await mkdir(join(dataDirectory, 'postgres'), { recursive: true, mode: 0o700 })
    const user = await serverUser()
    await chown(dataDirectory, user.uid, user.gid)
    const service = await startTestService(dataDirectory, { user })
    expect(service.answer).toMatchObject({
      code: 'data_directory_not_writable',
      message: expect.stringContaining('belongs to another operating system user'),
    })
  })
})

async function serverUser(): Promise<ServerUser> {
  const user = await chooseServerUser({ existingDatabase: undefined, log: quietLog })
  if (user === undefined) throw new Error('we are not root')
  return user
}
