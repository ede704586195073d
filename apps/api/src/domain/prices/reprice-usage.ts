import { v7 as uuidv7 } from 'uuid'
import type { LiveBooks } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Db } from '../../ports/database.ts'
import { countersOf } from './counters-of.ts'
import { priceFromJson } from './price-json.ts'
import type { Price } from './price.ts'
import { repriceRecord } from './reprice-record.ts'
import {
  findMispriced,
  lockRepricing,
  readMispriced,
  writeAdjustments,
  type Adjustment,
  type MispricedRow,
  type RecordPlace,
} from './reprice-rows.ts'

export interface RepriceServices {
  readonly db: Db
  readonly books: Pick<LiveBooks, 'correct'>
  readonly clock: Clock
  readonly timeZone: string
}

export interface Repricing {
  /** Versions whose records are looked for: those that they are in force for and that are priced by another one, or none. */
  readonly versionIds: readonly string[]
  /** Records that began at or after this moment. */
  readonly fromMs: number
  /** Who is named in the adjustments. */
  readonly actor: string
  readonly reason: string
  /** Stops after about so many records. */
  readonly requestsMax: number
  readonly signal?: AbortSignal
}

export interface Repriced {
  readonly requests: number
  /** What the corrections come to, either sign. */
  readonly listCostNanos: bigint
  readonly billedCostNanos: bigint
  /** `false`: there may be more of them. Calling again goes on. */
  readonly complete: boolean
}

/**
 * Carries prices to requests that are booked at others: one adjustment a record, together with the deltas of the
 * rollups, and afterwards the deltas of counters whose windows still run. Records and versions are left as they are.
 *
 * Doing it again changes nothing: a record is corrected to a version at most once, and corrections are made one batch
 * after the other, by all processes together. Should the process die between a batch and its counters, these are behind
 * until they are next filled from the ledger; the nightly comparison says so.
 */
export async function repriceUsage(services: RepriceServices, repricing: Repricing): Promise<Repriced> {
  const prices = new Map<string, Price>()
  const done = { requests: 0, listCostNanos: 0n, billedCostNanos: 0n }
  let after: RecordPlace | undefined
  while (done.requests < repricing.requestsMax && repricing.signal?.aborted !== true) {
    const found = await findMispriced(services.db, { ...repricing, after, limit: batchSize })
    let written: readonly Adjustment[] = []
    if (found.length > 0) {
      await services.books.correct(async () => {
        written = await adjust(services.db, repricing, prices, found)
        return countersOf(services, written)
      })
    }
    done.requests += written.length
    for (const adjustment of written) {
      done.listCostNanos += adjustment.listCostNanos
      done.billedCostNanos += adjustment.billedCostNanos
    }
    if (found.length < batchSize) return { ...done, complete: true }
    after = found.at(-1)
  }
  return { ...done, complete: false }
}

const batchSize = 500

async function adjust(
  db: Db,
  repricing: Repricing,
  prices: Map<string, Price>,
  places: readonly RecordPlace[],
): Promise<readonly Adjustment[]> {
  return db.$transaction(
    async (tx) => {
      // A delta is against the corrections so far, so two batches on the same records must not look at the same time.
      await lockRepricing(tx)
      const rows = await readMispriced(tx, repricing.versionIds, places)
      const adjustments = rows.map((row) => toAdjustment(row, priceOf(prices, row), repricing))
      const written = new Set(await writeAdjustments(tx, adjustments))
      return adjustments.filter(({ requestId }) => written.has(requestId))
    },
    { maxWait: 10_000, timeout: 60_000 },
  )
}

function toAdjustment(row: MispricedRow, price: Price, about: Repricing): Adjustment {
  const cost = repriceRecord(row.record, { versionId: row.versionId, price, currency: row.currency })
  return {
    ...row.dimensions,
    id: uuidv7(),
    atMs: row.record.startedAtMs,
    reason: about.reason,
    actor: about.actor,
    priceVersionId: row.versionId,
    priceTier: cost.tier,
    listCostNanos: (cost.listCostNanos ?? 0n) - row.soFar.listCostNanos,
    billedCostNanos: cost.billedCostNanos - row.soFar.billedCostNanos,
    grantAmount: (cost.grantAmount ?? 0n) - row.soFar.grantAmount,
    priced: (cost.listCostNanos === undefined ? 0 : 1) - (row.soFar.priced ? 1 : 0),
  }
}

function priceOf(prices: Map<string, Price>, row: MispricedRow): Price {
  const known = prices.get(row.versionId)
  if (known !== undefined) return known
  const price = priceFromJson(row.price)
  prices.set(row.versionId, price)
  return price
}
