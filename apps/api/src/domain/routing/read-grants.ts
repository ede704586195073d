import type { GatewayServices } from '../completion/services.ts'
import { grantCounter } from '../counters/windows.ts'
import type { CounterReading } from '../../ports/counters.ts'
import type { GrantEntry } from '../snapshot/snapshot.ts'
import type { ChooseInput } from './choose.ts'

/** By grant id. */
export type GrantReadings = ReadonlyMap<string, CounterReading>

const nothing: GrantReadings = new Map()

/** What is used and held of every grant that may come into question, in one round trip where the counters are shared. */
export async function readGrants(services: GatewayServices, input: ChooseInput): Promise<GrantReadings> {
  const grants = new Map<string, GrantEntry>()
  for (const offering of input.offerings) for (const grant of offering.grants) grants.set(grant.id, grant)
  if (grants.size === 0) return nothing
  const refs = [...grants.values()].map((grant) => grantCounter(grant, input.atMs, input.timeZone))
  const readings = await services.counters.read(refs, input.atMs)
  return new Map([...grants.keys()].map((id, index) => [id, readings[index] ?? { settled: 0n, held: 0n }]))
}
