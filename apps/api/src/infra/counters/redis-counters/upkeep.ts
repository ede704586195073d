import type {
  CounterAmount,
  CounterReading,
  CounterRef,
  CounterUpkeep,
  StoredReservation,
} from '../../../ports/counters.ts'
import { entryText, parseEntry } from './entry.ts'
import type { Generation } from './generation.ts'
import { isList } from './is-list.ts'
import type { StoreLink } from './store-link.ts'
import {
  adjustScript,
  expiredScript,
  forgetScript,
  readScript,
  restoreScript,
  seedScript,
} from './upkeep-scripts.ts'
import { bucketOf, lifetimeOf, outAfterMs } from './windows.ts'

/** One round trip, whatever groups they are of. */
export async function readCounters(
  link: StoreLink,
  generation: Generation,
  refs: readonly CounterRef[],
  atMs: number,
): Promise<readonly CounterReading[]> {
  const readings = new Map<CounterRef, CounterReading>()
  await Promise.all(
    byGroup(refs).map(async ([group, members]) => {
      const values = await link.run(
        readScript,
        members.map((ref) => generation.group(group).counter(ref)),
        [
          String(atMs),
          ...members.map(({ window }) =>
            window.kind === 'sliding' ? String(outAfterMs(window.lengthMs)) : '',
          ),
        ],
      )
      members.forEach((ref, index) =>
        readings.set(ref, {
          settled: BigInt(values[2 * index] ?? ''),
          held: BigInt(values[2 * index + 1] ?? ''),
        }),
      )
    }),
  )
  return refs.map((ref) => readings.get(ref) ?? { settled: 0n, held: 0n })
}

export async function unknownCounters(
  link: StoreLink,
  generation: Generation,
  refs: readonly CounterRef[],
): Promise<readonly CounterRef[]> {
  const unknown = new Set<CounterRef>()
  await Promise.all(
    byGroup(refs.filter(({ window }) => window.kind !== 'held')).map(async ([group, members]) => {
      const { known } = generation.group(group)
      const found = await link.call('HMGET', known, ...members.map(({ counterId }) => counterId))
      members.forEach((ref, index) => {
        if (!isList(found) || found[index] === null) unknown.add(ref)
      })
    }),
  )
  return refs.filter((ref) => unknown.has(ref))
}

export async function seedCounter(
  link: StoreLink,
  generation: Generation,
  { ref, parts }: Parameters<CounterUpkeep['seed']>[0],
  nowMs: number,
): Promise<void> {
  const group = generation.group(ref.group)
  const buckets = new Map<string, bigint>()
  for (const { atMs, amount } of parts) {
    const bucket = bucketOf(ref.window, atMs)
    buckets.set(bucket, (buckets.get(bucket) ?? 0n) + amount)
  }
  await link.run(
    seedScript,
    [group.known, group.counter(ref)],
    [
      newToken(),
      ref.counterId,
      lifetimeOf(ref.window, nowMs),
      ...[...buckets].flatMap(([bucket, amount]) => [bucket, String(amount)]),
    ],
  )
}

export async function adjustCounters(
  link: StoreLink,
  generation: Generation,
  changes: readonly CounterAmount[],
  atMs: number,
): Promise<void> {
  await Promise.all(
    byGroup(changes.filter(({ window }) => window.kind !== 'held')).map(([name, members]) => {
      const group = generation.group(name)
      return link.run(
        adjustScript,
        [group.known, ...members.map((change) => group.counter(change))],
        [
          String(atMs),
          ...members.flatMap(({ counterId, window, amount }) => [
            counterId,
            String(amount),
            bucketOf(window, atMs),
            lifetimeOf(window, atMs),
            window.kind === 'sliding' ? String(outAfterMs(window.lengthMs)) : '',
          ]),
        ],
      )
    }),
  )
}

export async function restoreReservations(
  link: StoreLink,
  generation: Generation,
  reservations: readonly StoredReservation[],
  nowMs: number,
): Promise<void> {
  await Promise.all(
    reservations.map(async (reservation) => {
      const group = generation.group(reservation.group)
      await listGroup(link, generation, reservation.group)
      const [, token] = await link.run(
        restoreScript,
        [
          group.open,
          group.deadlines,
          group.notes,
          group.known,
          ...reservation.holds.map((hold) => group.counter(hold)),
        ],
        [
          reservation.reservationId,
          entryText(reservation),
          String(reservation.expiresAtMs),
          reservation.opening ?? '',
          newToken(),
          ...reservation.holds.flatMap(({ amount, window }) => [String(amount), lifetimeOf(window, nowMs)]),
        ],
      )
      group.token ??= token
    }),
  )
}

/** How long it is remembered that a reservation was resolved, when nobody says that its record is in the ledger. */
const rememberedMs = 7 * 86_400_000

/** Groups asked at once. */
const groupsMax = 200

export async function expiredReservations(
  link: StoreLink,
  generation: Generation,
  atMs: number,
  countMax: number,
): Promise<readonly StoredReservation[]> {
  const listed = await link.call('SMEMBERS', generation.groupsKey)
  const names = isList(listed) ? listed.map(String) : []
  const found: StoredReservation[] = []
  for (let start = 0; start < names.length; start += groupsMax) {
    const parts = await Promise.all(
      names.slice(start, start + groupsMax).map(async (name) => {
        const { open, deadlines, notes } = generation.group(name)
        const values = await link.run(
          expiredScript,
          [open, deadlines, notes],
          [String(atMs), String(countMax), String(atMs + rememberedMs)],
        )
        return parseExpired(values, name)
      }),
    )
    found.push(...parts.flat())
  }
  return found.toSorted((left, right) => left.expiresAtMs - right.expiresAtMs).slice(0, countMax)
}

export async function forgetReservations(
  link: StoreLink,
  generation: Generation,
  reservations: Parameters<CounterUpkeep['forget']>[0],
): Promise<void> {
  await Promise.all(
    byGroup(reservations).map(([name, members]) => {
      const { open, deadlines } = generation.group(name)
      return link.run(
        forgetScript,
        [open, deadlines],
        members.map(({ reservationId }) => reservationId),
      )
    }),
  )
}

/** Written once by each process that works with the group: the sweeper finds it there. */
export async function listGroup(link: StoreLink, generation: Generation, name: string): Promise<void> {
  const group = generation.group(name)
  if (group.isListed) return
  await link.call('SADD', generation.groupsKey, name)
  group.isListed = true
}

/** So that a move of this process which finds nothing can tell that the group was lost since. */
export async function learnTokens(
  link: StoreLink,
  generation: Generation,
  names: readonly string[],
): Promise<void> {
  await Promise.all(
    [...new Set(names)].map(async (name) => {
      const group = generation.group(name)
      const token = await link.call('HGET', group.known, '@')
      if (typeof token === 'string') group.token ??= token
    }),
  )
}

function parseExpired(values: readonly string[], group: string): StoredReservation[] {
  const found: StoredReservation[] = []
  for (let index = 0; index < values.length; index += 3) {
    const [reservationId = '', text = '', note = ''] = values.slice(index, index + 3)
    found.push({ reservationId, group, ...parseEntry(text, group), opening: note === '' ? undefined : note })
  }
  return found
}

function byGroup<Member extends { readonly group: string }>(
  members: readonly Member[],
): (readonly [string, readonly Member[]])[] {
  const groups = Map.groupBy(members, ({ group }) => group)
  return [...groups]
}

function newToken(): string {
  return crypto.randomUUID()
}
