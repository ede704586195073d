import { startSimulator } from '@tollgate/simulator'
import { describe, expect, it, onTestFinished } from 'vitest'
import { seededRandom } from '../../src/infra/demo/seeded-random.ts'
import { countFigure } from '../support/figures.ts'
import { auditBooks } from './support/audit.ts'
import { distributed, embedded, startDeployment } from './support/deployment.ts'
import { drawRequest } from './support/draw-request.ts'
import { readQuotas } from './support/read-books.ts'
import { newClients, send } from './support/send.ts'
import { watchQuotas } from './support/watch-quotas.ts'
import { makeAccounts, makeTeam, type Sender, type TeamInput } from './support/world.ts'

const seed = Number(process.env['TOLLGATE_TEST_SEED'] ?? Date.now() % 1_000_000)
const requests = 1_000

/** Limits that admit about a tenth of what is asked for. No window turns meanwhile: nothing frees up by time. */
const teams: readonly TeamInput[] = [
  {
    name: 'tokens',
    quotas: [{ metric: 'tokens', window: 'hour', limit: 2_000 }],
    keys: [{ name: 'wide' }, { name: 'narrow', quotas: [{ metric: 'tokens', window: 'total', limit: 600 }] }],
  },
  {
    name: 'cost',
    quotas: [{ metric: 'cost', window: 'total', limit: '0.01' }],
    keys: [{ name: 'one' }, { name: 'two', quotas: [{ metric: 'cost', window: 'hour', limit: '0.004' }] }],
  },
  {
    name: 'requests',
    quotas: [{ metric: 'requests', window: 'total', limit: 20 }],
    members: [{ name: 'Lin', quotas: [{ metric: 'requests', window: 'hour', limit: 8 }] }, { name: 'Wang' }],
    keys: [{ name: 'shared' }],
  },
  {
    name: 'parallel',
    quotas: [{ metric: 'concurrency', limit: 10 }],
    keys: [{ name: 'one' }, { name: 'two', quotas: [{ metric: 'concurrency', limit: 2 }] }],
  },
  {
    name: 'everything',
    quotas: [
      { metric: 'concurrency', limit: 10 },
      { metric: 'requests', window: 'hour', limit: 22 },
      { metric: 'tokens', window: 'total', limit: 2_500 },
      { metric: 'cost', window: 'hour', limit: '0.02' },
      { metric: 'tokens', window: 'total', limit: 500, model: 'ark' },
    ],
    members: [{ name: 'Zhao', quotas: [{ metric: 'tokens', window: 'hour', limit: 1_000 }] }],
    keys: [{ name: 'rest' }],
  },
]

describe.each([embedded, distributed(1), distributed(2), distributed(4)])('exact: $name', (mode) => {
  it(`${requests} requests at once, of which a tenth fits, pass no limit and are booked as they were billed (seed ${seed})`, async () => {
    const simulator = await startSimulator({ seed })
    onTestFinished(() => simulator.close())
    const deployment = await startDeployment(mode, {
      env: { TOLLGATE_ADMISSION_WAIT_MS: '2000', TOLLGATE_USEFUL_OUTPUT_TOKENS: '16' },
    })
    onTestFinished(() => deployment.stop())
    await makeAccounts(deployment, simulator)
    const senders: Sender[] = []
    for (const team of teams) senders.push(...(await makeTeam(deployment, team)))
    const names = teams.map((team) => team.name)

    const random = seededRandom(seed)
    const storm = Array.from({ length: requests }, (_, index) =>
      drawRequest(random, simulator, { tag: `r${index}`, gapMsMax: 25, troubleShare: 0.35 }),
    )
    const watch = watchQuotas(deployment.urls, names, senders)
    const clients = newClients()
    onTestFinished(() => clients.destroy())
    const seen = await Promise.all(
      storm.map((request, index) => {
        const url = deployment.urls[index % deployment.urls.length] ?? ''
        // Not in step with the processes: every key is used on each of them.
        const sender = senders[Math.floor(random.next() * senders.length)] ?? { secret: '' }
        return send(clients, url, sender, request)
      }),
    )
    const duringStorm = watch.samples()
    const audit = await auditBooks({ deployment, simulator, teams: names, seen })
    const broken = await watch.stop()
    countFigure('requests', requests)

    expect(broken).toEqual([])
    expect(duringStorm).toBeGreaterThan(500)
    expect(audit.findings).toEqual([])
    expect(audit.records).toBeGreaterThan(requests / 20)
    expect(audit.records).toBeLessThan(requests / 5)
    expect(audit.fromProvider).toBeGreaterThan(audit.records / 2)
    const refused = seen.filter(({ status }) => status === 429).length
    expect(refused).toBeGreaterThan(requests / 2)
    // A limit is there to be used: each of these requests counts one, whatever becomes of it.
    const [quota] = await readQuotas(deployment, 'requests')
    expect(Number(quota?.settled)).toBeGreaterThan(0.7 * Number(quota?.limit))
  }, 180_000)
})
