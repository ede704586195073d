import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { testDatabase } from '../support/postgres.ts'
import { testRedis } from '../support/redis.ts'
import { failToStart, startServiceProcess, type ServiceProcess } from '../support/service.ts'
import { until } from '../support/until.ts'

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'tollgate-roles-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

interface JobList {
  readonly data: readonly {
    readonly name: string
    readonly lastRun: { readonly status: string; readonly error: string | null } | null
  }[]
}

describe('processes that share the work', () => {
  it('serve or do the jobs by their role: what is asked for at one is done by the other', async () => {
    const [database, redis, parent] = [await testDatabase(), await testRedis(), await folder()]
    const env = {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      TOLLGATE_MASTER_KEY: 'a master key of the tests, 32 characters',
    }
    const started: ServiceProcess[] = []
    const start = async (role: string) => {
      const service = await startServiceProcess({
        dataDirectory: join(parent, role),
        arguments: ['--role', role],
        env,
      })
      started.push(service)
      return service
    }
    onTestFinished(async () => {
      await Promise.all(started.map((service) => service.kill('SIGKILL')))
      await redis.close()
      await database.close()
    })

    const api = await start('api')
    await api.api('POST', '/api/jobs/keep-partitions/runs')
    const run = async () => {
      const { data } = await api.api<JobList>('GET', '/api/jobs')
      return data.find(({ name }) => name === 'keep-partitions')?.lastRun ?? undefined
    }
    // It is in the queue, and nobody is there to do it.
    expect(await run()).toBeUndefined()
    const worker = await start('worker')
    await until(async () => (await run())?.status === 'ok', 30_000)

    for (const path of ['/v1/models', '/api/jobs', '/']) {
      expect((await fetch(`${worker.url}${path}`)).status, path).toBe(404)
    }
    expect((await fetch(`${worker.url}/metrics`)).status).toBe(200)
    expect(worker.output()).not.toContain('/setup?token=')
    expect(await worker.kill('SIGTERM'), worker.output()).toBe(0)
    expect(await api.kill('SIGTERM'), api.output()).toBe(0)
  })

  it('are refused where there is nothing to share the work through', async () => {
    const { code, output } = await failToStart({
      dataDirectory: await folder(),
      arguments: ['--role=worker'],
    })
    expect(code).toBe(1)
    expect(output).toContain('--role worker leaves a part of the work to other processes')
    expect(output).not.toContain('    at ')
  })
})
