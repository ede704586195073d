import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { quietLog } from '../test/support/embedded-postgres.ts'
import { testDatabase } from '../test/support/postgres.ts'
import { openDatabase } from './database.ts'

it('a connection that breaks while it is in use fails its work, and the service goes on', async () => {
  const server = await testDatabase()
  const dataDirectory = await mkdtemp(join(tmpdir(), 'tollgate-database-'))
  const database = await openDatabase({ mode: 'external', dataDirectory, databaseUrl: server.url }, quietLog)
  onTestFinished(async () => {
    await database.close()
    await server.close()
    await rm(dataDirectory, { recursive: true, force: true })
  })
  const client = await database.pool.connect()
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const ended = new Promise((resolve) => client.once('end', resolve))
  // Between two statements: nobody waits for an answer that could be refused.
  await server.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid])
  await ended
  await expect(client.query('select 1')).rejects.toThrow(/not queryable|Connection terminated/)
  client.release(true)
  expect((await database.pool.query<{ one: number }>('select 1 as one')).rows).toEqual([{ one: 1 }])
})
