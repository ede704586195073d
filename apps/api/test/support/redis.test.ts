import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startRedisServer, testRedis } from './redis.ts'
import { until } from './until.ts'

describe('Redis for the tests', () => {
  it('gives each suite an empty database that no other one sees', async () => {
    const [one, two] = await Promise.all([testRedis(), testRedis()])
    expect(one.url).not.toBe(two.url)
    const first = client(one.url)
    const second = client(two.url)
    await first.set('key', 'of the first')
    expect(await second.get('key')).toBeNull()
    await one.close()
    expect(await first.dbsize()).toBe(0)
    await two.close()
  })

  it('keeps what it was told through kill -9 when asked to, and comes back on its port', async () => {
    const before = await startRedisServer({ appendonly: true })
    onTestFinished(() => before.close())
    await client(before.url).set('key', 'value')
    await before.kill('SIGKILL')
    expect(await answers(before.port)).toBe(false)
    const { port, directory } = before
    const after = await startRedisServer({ port, directory, appendonly: true })
    onTestFinished(() => after.close())
    expect(after.url).toBe(before.url)
    expect(await client(after.url).get('key')).toBe('value')
  })

  it('forgets all of it otherwise', async () => {
    const before = await startRedisServer()
    onTestFinished(() => before.close())
    await client(before.url).set('key', 'value')
    await before.kill('SIGKILL')
    const after = await startRedisServer({ port: before.port, directory: before.directory })
    onTestFinished(() => after.close())
    expect(await client(after.url).dbsize()).toBe(0)
  })

  it('does not outlive a process that was killed', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tollgate-redis-'))
    onTestFinished(() => rm(directory, { recursive: true, force: true }))
    const script = `
      const { startRedisServer } = await import(${JSON.stringify(join(import.meta.dirname, 'redis-server.ts'))})
      console.log((await startRedisServer({ directory: ${JSON.stringify(directory)} })).port)
      setInterval(() => {}, 1_000)`
    const starter = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void starter.kill('SIGKILL'))
    const [line]: unknown[] = await once(createInterface({ input: starter.stdout }), 'line')
    const port = Number(line)
    expect(await answers(port)).toBe(true)
    starter.kill('SIGKILL')
    await until(async () => !(await answers(port)))
  })
})

function client(url: string): Redis {
  const redis = new Redis(url)
  redis.on('error', () => {})
  onTestFinished(() => redis.disconnect())
  return redis
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
