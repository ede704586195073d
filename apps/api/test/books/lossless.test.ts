import { startSimulator, type Simulator } from '@tollgate/simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/infra/demo/seeded-random.ts'
import { requestSteps } from '../../src/ports/steps.ts'
import { countFigure } from '../support/figures.ts'
import { until } from '../support/until.ts'
import { auditBooks } from './support/audit.ts'
import { crashLoop } from './support/crash-loop.ts'
import { distributed, embedded, startDeployment, type Deployment } from './support/deployment.ts'
import { startLoad, type Load } from './support/load.ts'
import type { Seen } from './support/send.ts'
import { crashEnvironment, lateMs, makeAccounts, makeTeam, wideTeam, type Sender } from './support/world.ts'

const seed = Number(process.env['TOLLGATE_TEST_SEED'] ?? Date.now() % 1_000_000)
const random = seededRandom(seed)

describe.each([embedded, distributed(2)])(`lossless: $name (seed ${seed})`, (mode) => {
  let simulator: Simulator
  let deployment: Deployment
  let senders: Sender[]
  /** What clients have seen since the beginning: the books must explain all of it. */
  const seen: Seen[] = []
  let loads = 0

  beforeAll(async () => {
    simulator = await startSimulator({ seed })
    deployment = await startDeployment(mode, { env: crashEnvironment })
    await makeAccounts(deployment, simulator)
    senders = await makeTeam(deployment, wideTeam)
  }, 120_000)

  afterAll(async () => {
    await deployment.stop()
    await simulator.close()
  }, 60_000)

  function load(clients: number): Load {
    loads += 1
    return startLoad({ simulator, urls: deployment.urls, senders, random, clients, name: `l${loads}` })
  }

  async function end(running: Load): Promise<void> {
    await running.stop()
    seen.push(...running.seen)
    countFigure('requests', running.sent())
  }

  /** How often a process has found a journal of an earlier run. */
  function replays(): number {
    return deployment.output().split('is carried into the database').length
  }

  async function expectBalance(after: string): Promise<void> {
    const audit = await auditBooks({ deployment, simulator, teams: [wideTeam.name], seen })
    expect(audit.findings, `after ${after}\n${deployment.output()}`).toEqual([])
  }

  it('a process that is killed at any step of a request loses nothing and books nothing twice', async () => {
    const settings = requestSteps.map(
      // A batch is drained for many requests, and some are when a process starts.
      (step) => `${step}:${Math.floor(step === 'mid-drain' ? 5 : random.between(8, 30))}`,
    )
    await deployment.killApi(0)
    await deployment.startApi(0, { TOLLGATE_CRASH_AT: settings[0] ?? '' })
    for (const [index, setting] of settings.entries()) {
      const running = load(24)
      await deployment.apiEnded(0)
      countFigure('crashes', 1)
      await end(running)
      const next = settings[index + 1]
      await deployment.startApi(0, next === undefined ? {} : { TOLLGATE_CRASH_AT: next })
      await expectBalance(`a crash at ${setting}`)
    }
  }, 120_000)

  it.skipIf(mode.kind === 'embedded')(
    'nor does one that comes back at the moment when what it held is swept',
    async () => {
      const running = load(80)
      await until(() => running.sent() > 120)
      await deployment.killApi(0)
      countFigure('crashes', 1)
      await end(running)
      await new Promise((resolve) => setTimeout(resolve, lateMs))
      const before = replays()
      let started = false
      const starting = deployment.startApi(0).finally(() => (started = true))
      await until(() => replays() > before, 30_000)
      while (!started) await deployment.api('POST', '/api/jobs/sweep-reservations/runs')
      await starting
      await expectBalance('a crash, and its sweep')
    },
    90_000,
  )

  it.skipIf(mode.kind === 'embedded')(
    'nor does a worker that is killed',
    async () => {
      const running = load(16)
      await until(() => running.sent() > 30)
      await deployment.killWorker(0)
      countFigure('crashes', 1)
      await until(() => running.sent() > 60)
      await deployment.startWorker(0)
      await end(running)
      await expectBalance('a crash of the worker')
    },
    60_000,
  )

  it('nor does PostgreSQL that is killed', async () => {
    const running = load(16)
    await until(() => running.sent() > 30)
    const killed = deployment.killPostgres()
    countFigure('crashes', 1)
    const before = running.seen.length
    await killed
    await until(() => running.seen.length > before + 30)
    await end(running)
    await expectBalance('a crash of PostgreSQL')
  }, 60_000)

  it.skipIf(mode.kind === 'embedded').each([true, false])(
    'nor does Redis that is killed (its data kept: %s)',
    async (keepData) => {
      const running = load(16)
      await until(() => running.sent() > 30)
      await deployment.killRedis({ keepData })
      countFigure('crashes', 1)
      const before = served(running)
      await until(() => served(running) > before + 30, 30_000)
      await end(running)
      await expectBalance('a crash of Redis')
    },
    90_000,
  )

  it('nor does anything, in any order and at any moment', async () => {
    const running = load(24)
    await crashLoop({
      deployment,
      random,
      crashes: 10,
      stores: mode.kind === 'embedded' ? ['postgres'] : ['postgres', 'redis'],
      onCrash: () => countFigure('crashes', 1),
    })
    await end(running)
    await expectBalance('ten crashes')
  }, 180_000)
})

function served(load: Load): number {
  return load.seen.filter((answer) => answer.whole).length
}
