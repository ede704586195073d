/**
 * `npm run storm -- --crashes 200`: kills processes of the product, PostgreSQL and Redis at random moments under load,
 * as `test/books/lossless.test.ts` does for a minute, for as long as one likes. In between, the books are compared with
 * the bill of the simulated providers; it ends with exit code 1 at the first difference.
 *
 *   --crashes 200        in each mode
 *   --mode embedded      or distributed; default: both
 *   --apis 3             api processes in distributed mode
 *   --clients 24         requests at the same time
 *   --seed 1             default: another one at each run, printed
 */
import { parseArgs } from 'node:util'
import { startSimulator } from '@tollgate/simulator'
import { seededRandom } from '../apps/api/src/infra/demo/seeded-random.ts'
import { auditBooks, type Audit } from '../apps/api/test/books/support/audit.ts'
import { crashLoop } from '../apps/api/test/books/support/crash-loop.ts'
import {
  distributed,
  embedded,
  startDeployment,
  type Mode,
} from '../apps/api/test/books/support/deployment.ts'
import { startLoad } from '../apps/api/test/books/support/load.ts'
import type { Seen } from '../apps/api/test/books/support/send.ts'
import { crashEnvironment, makeAccounts, makeTeam, wideTeam } from '../apps/api/test/books/support/world.ts'

const { values } = parseArgs({
  options: {
    crashes: { type: 'string', default: '200' },
    mode: { type: 'string', default: 'all' },
    apis: { type: 'string', default: '3' },
    clients: { type: 'string', default: '24' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const seed = Number(values.seed)
const modes: Readonly<Record<string, readonly Mode[]>> = {
  embedded: [embedded],
  distributed: [distributed(Number(values.apis))],
  all: [embedded, distributed(Number(values.apis))],
}

/** The books are compared after so many crashes. */
const crashesBetweenAudits = 25

for (const mode of modes[values.mode] ?? []) await storm(mode, Number(values.crashes))

async function storm(mode: Mode, crashes: number): Promise<void> {
  console.log(`${mode.name}: ${crashes} crashes, seed ${seed}`)
  const random = seededRandom(seed)
  const simulator = await startSimulator({ seed })
  const deployment = await startDeployment(mode, { env: crashEnvironment })
  try {
    await makeAccounts(deployment, simulator)
    const senders = await makeTeam(deployment, wideTeam)
    const seen: Seen[] = []
    const startedAt = performance.now()
    let sent = 0
    for (let done = 0; done < crashes;) {
      const round = Math.min(crashesBetweenAudits, crashes - done)
      const load = startLoad({
        simulator,
        urls: deployment.urls,
        senders,
        random,
        clients: Number(values.clients),
        name: `s${done}`,
      })
      await crashLoop({
        deployment,
        random,
        crashes: round,
        stores: mode.kind === 'embedded' ? ['postgres'] : ['postgres', 'redis'],
      })
      await load.stop()
      // Those of requests that never got to a provider.
      simulator.clearFaults()
      done += round
      sent += load.sent()
      seen.push(...load.seen)
      const audit = await auditBooks({ deployment, simulator, teams: [wideTeam.name], seen }, 60_000)
      const seconds = (performance.now() - startedAt) / 1_000
      console.log(describe(audit, { done, sent, seconds, answers: countAnswers(seen) }))
      if (audit.findings.length > 0) {
        console.error(audit.findings.join('\n'))
        throw new Error(`${audit.findings.length} differences after ${done} crashes, seed ${seed}`)
      }
    }
  } catch (error) {
    console.error(deployment.output())
    throw error
  } finally {
    await deployment.stop()
    await simulator.close()
  }
}

interface SoFar {
  readonly done: number
  readonly sent: number
  readonly seconds: number
  readonly answers: string
}

function describe(audit: Audit, so: SoFar): string {
  return (
    `  ${so.done} crashes in ${so.seconds.toFixed(0)} s: ${so.sent} requests (${so.answers}), ${audit.billed} billed by ` +
    `providers, ${audit.records} records (${audit.fromProvider} on the provider's figures, ${audit.estimated} estimated, ` +
    `${audit.interrupted} interrupted), ${audit.findings.length} differences`
  )
}

/** How clients fared: most find a process down, for most of the time one is. */
function countAnswers(seen: readonly Seen[]): string {
  const counts = new Map<string, number>()
  for (const { status, code } of seen) {
    const name = status === undefined ? 'no answer' : `${status}${code === undefined ? '' : ` ${code}`}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ')
}
