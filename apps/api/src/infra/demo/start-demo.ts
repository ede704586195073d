import { startSimulator } from '@tollgate/simulator'
import { demoKeys, demoLogin, type DemoKey } from './demo-world.ts'
import { startLiveTraffic, type LiveTraffic } from './live-traffic.ts'
import { seedDemo, type SeedDemoServices } from './seed-demo.ts'

export interface Demo {
  /** Shown on the sign-in page and at start. */
  readonly login: { readonly email: string; readonly password: string }
  readonly keys: readonly DemoKey[]
  /** Once the service listens at this address. */
  startTraffic(url: string): void
  /** The traffic first, then the providers it needs. Before the service itself stops. */
  stop(): Promise<void>
}

/** Simulated providers and a database with a history. Before the books are opened: they count from what is in the ledger. */
export async function startDemo(services: Omit<SeedDemoServices, 'endpoints'>): Promise<Demo> {
  const simulator = await startSimulator({ defaultGapMs: 15 })
  let traffic: LiveTraffic | undefined
  try {
    await seedDemo({ ...services, endpoints: simulator.endpoints })
  } catch (error) {
    await simulator.close()
    throw error
  }
  return {
    login: { ...demoLogin },
    keys: demoKeys,
    startTraffic(url) {
      traffic ??= startLiveTraffic({ url, seed: services.clock.now() % 1_000_000, log: services.log })
    },
    async stop() {
      await traffic?.stop()
      await simulator.close()
    },
  }
}
