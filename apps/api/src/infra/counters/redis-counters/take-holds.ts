import type { Counters, Hold, RefusedHold, ReserveOutcome } from '../../../ports/counters.ts'
import type { Group } from './generation.ts'
import { reserveScript } from './reserve-script.ts'
import type { StoreLink } from './store-link.ts'
import { lifetimeOf, outAfterMs } from './windows.ts'

type Wanted = Parameters<Counters['reserve']>[0]

export type TakeOutcome =
  | { readonly kind: 'outcome'; readonly outcome: ReserveOutcome; readonly token: string }
  /** Counters that nobody has filled. */
  | { readonly kind: 'unknown'; readonly counterIds: readonly string[] }
  | { readonly kind: 'lost' }
  | { readonly kind: 'resolved' }

/** One round trip: all holds or none. */
export async function takeHolds(
  link: StoreLink,
  group: Group,
  wanted: Wanted,
  entry: { readonly head: string; readonly lines: string },
): Promise<TakeOutcome> {
  const { reservationId, holds, atMs, expiresAtMs } = wanted
  const keys = [group.open, group.deadlines, group.known]
  const args = [group.token ?? '', reservationId, String(atMs), String(expiresAtMs), entry.head, entry.lines]
  for (const hold of holds) {
    keys.push(group.counter(hold))
    args.push(
      hold.counterId,
      windowKinds[hold.window.kind],
      String(hold.amount),
      String(hold.limit),
      hold.hard ? '1' : '0',
      hold.window.kind === 'sliding'
        ? String(outAfterMs(hold.window.lengthMs))
        : lifetimeOf(hold.window, atMs),
    )
  }
  const [kind, ...rest] = await link.run(reserveScript, keys, args)
  switch (kind) {
    case 'granted': {
      const [token = '', ...passed] = rest
      return {
        kind: 'outcome',
        token,
        outcome: { granted: true, passed: passed.map((index) => holdAt(holds, index).counterId) },
      }
    }
    case 'refused': {
      const [token = '', ...refused] = rest
      return { kind: 'outcome', token, outcome: { granted: false, refused: parseRefused(holds, refused) } }
    }
    case 'unknown':
      return { kind, counterIds: rest.map((index) => holdAt(holds, index).counterId) }
    case 'lost':
    case 'resolved':
      return { kind }
    default:
      throw new Error(`the counter store answered ${kind ?? 'nothing'} to a reservation`)
  }
}

const windowKinds = { fixed: 'f', sliding: 's', held: 'h' } as const

function parseRefused(holds: readonly Hold[], values: readonly string[]): RefusedHold[] {
  const refused: RefusedHold[] = []
  for (let start = 0; start < values.length; start += 4) {
    const [index = '', settled = '', held = '', bucket = ''] = values.slice(start, start + 4)
    const hold = holdAt(holds, index)
    refused.push({
      counterId: hold.counterId,
      needed: hold.amount,
      limit: hold.limit,
      settled: BigInt(settled),
      held: BigInt(held),
      freesAtMs: freesAtMs(hold, bucket),
    })
  }
  return refused
}

/** `bucket`: the start of the one with which enough of a sliding window is out. */
function freesAtMs({ window }: Hold, bucket: string): number | undefined {
  switch (window.kind) {
    case 'fixed':
      return window.endMs
    case 'sliding':
      return bucket === '' ? undefined : Number(bucket) + outAfterMs(window.lengthMs)
    case 'held':
      return undefined
  }
}

/** Lua counts from one. */
function holdAt(holds: readonly Hold[], index: string): Hold {
  const hold = holds[Number(index) - 1]
  if (hold === undefined) throw new Error(`the counter store speaks of hold ${index} of ${holds.length}`)
  return hold
}
