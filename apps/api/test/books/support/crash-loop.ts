import { requestSteps } from '../../../src/ports/steps.ts'
import type { SeededRandom } from '../../../src/infra/demo/seeded-random.ts'
import type { Deployment } from './deployment.ts'

export interface CrashLoop {
  readonly deployment: Deployment
  readonly random: SeededRandom
  readonly crashes: number
  /** What may be killed beside the processes of the product. */
  readonly stores: readonly ('postgres' | 'redis')[]
  /** Hears of each crash. */
  readonly onCrash?: (what: string) => void
}

/**
 * Kills whatever lives, at random moments, and starts it again in the background, so that several are down at once.
 * Resolves when all of them are up after the last crash.
 */
export async function crashLoop(loop: CrashLoop): Promise<void> {
  const { deployment, random } = loop
  const { mode } = deployment
  const processes: Victim[] = deployment.urls.map((_, index) => apiVictim(loop, index))
  if (mode.kind === 'distributed') {
    for (let index = 0; index < mode.workers; index += 1) {
      processes.push({
        name: `worker ${index}`,
        livesUntilMs: 0,
        async crash() {
          await deployment.killWorker(index)
          await supervised(() => deployment.startWorker(index))
        },
      })
    }
  }
  const stores = loop.stores.map((store) => storeVictim(loop, store))

  const down = new Set<Victim>()
  const failures: unknown[] = []
  for (let count = 0; count < loop.crashes && failures.length === 0;) {
    await new Promise((resolve) => setTimeout(resolve, random.between(10, 150)))
    // Processes mostly: one that finds no store cannot start, and then nothing else is proven.
    const victims = random.chance(storeShare) ? stores : processes
    const alive = victims.filter((victim) => !down.has(victim) && performance.now() > victim.livesUntilMs)
    const victim = alive[Math.floor(random.next() * alive.length)]
    if (victim === undefined) continue
    // Mostly somebody is left to serve what is then lost; now and then all are down.
    if (down.size >= Math.max(1, processes.length / 2) && !random.chance(0.03)) continue
    const crashed = () => {
      count += 1
      loop.onCrash?.(victim.name)
    }
    crashed()
    down.add(victim)
    void victim
      .crash(crashed)
      .catch((error: unknown) => failures.push(error))
      .finally(() => {
        down.delete(victim)
        // Long enough to serve something, so that there is something to lose.
        victim.livesUntilMs = performance.now() + random.between(100, 1_500)
      })
  }
  while (down.size > 0) await new Promise((resolve) => setTimeout(resolve, 20))
  if (failures.length > 0) throw failures[0]
}

const storeShare = 0.1

interface Victim {
  readonly name: string
  /** Not killed before this moment. */
  livesUntilMs: number
  /** Kills it and starts it again; says so when it died once more on the way. */
  crash(again: () => void): Promise<void>
}

/** Now and then it is started so that it kills itself at a step of its next requests. */
function apiVictim({ deployment, random }: CrashLoop, index: number): Victim {
  return {
    name: `api ${index}`,
    livesUntilMs: 0,
    async crash(again) {
      await deployment.killApi(index)
      if (random.chance(0.3)) {
        const step = requestSteps[Math.floor(random.next() * requestSteps.length)] ?? 'mid-stream'
        // What it drains at its start counts too: it may die of that, and then starts as usual.
        const count = Math.floor(random.between(2, 12))
        const started = await deployment.startApi(index, { TOLLGATE_CRASH_AT: `${step}:${count}` }).then(
          () => true,
          () => false,
        )
        if (started) await Promise.race([deployment.apiEnded(index), aWhile()])
        again()
        await deployment.killApi(index)
      }
      await supervised(() => deployment.startApi(index))
    },
  }
}

/** What a process stands on may be killed while it starts: then whoever supervises it starts it again. */
async function supervised(start: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await start()
      return
    } catch (error) {
      if (attempt === startsMax) throw error
    }
  }
}

const startsMax = 5

/** For a step that is not reached. */
function aWhile(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2_000))
}

function storeVictim({ deployment, random }: CrashLoop, store: CrashLoop['stores'][number]): Victim {
  const crashes = {
    postgres: () => deployment.killPostgres(),
    redis: () => deployment.killRedis({ keepData: random.chance(0.5) }),
  }
  return { name: store, livesUntilMs: 0, crash: crashes[store] }
}
