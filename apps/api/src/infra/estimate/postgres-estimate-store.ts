import type { Pool } from 'pg'
import { bucketCount } from '../../domain/estimate/ratio-histogram.ts'
import type { EstimateStore, StoredEstimate } from '../../ports/estimate-store.ts'

/** The table `estimator_model`. */
export class PostgresEstimateStore implements EstimateStore {
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async load(): Promise<readonly StoredEstimate[]> {
    const { rows } = await this.#pool.query<Row>(
      'select provider, model, side, counts, samples, misses from estimator_model',
    )
    return rows.map(fromRow)
  }

  async add(changes: readonly StoredEstimate[]): Promise<void> {
    await this.#pool.query(addSql, [JSON.stringify(changes), bucketCount, rememberedMax])
  }
}

/** A size of which so much is counted forgets half of it: what models and callers do changes over months. */
export const rememberedMax = 16_384

/**
 * One statement, so that replicas add up. In the order of the key: two that save at once wait for each other instead of
 * locking each other out. Counts of another version's shape are replaced.
 */
const addSql = `
  insert into estimator_model as known (provider, model, side, counts, samples, misses, updated_at)
  select provider, model, side, counts, samples, misses, now()
  from jsonb_to_recordset($1::jsonb)
    as new (provider text, model text, side text, counts bigint[], samples bigint, misses bigint)
  order by provider, model, side
  on conflict (provider, model, side) do update set
    counts = case when cardinality(known.counts) = cardinality(excluded.counts) then (
      select array_agg(case when total >= $3::bigint then count / 2 else count end order by position)
      from (
        select position, before + change as count,
          sum(before + change) over (partition by (position - 1) / $2::int) as total
        from unnest(known.counts, excluded.counts) with ordinality as sums (before, change, position)
      ) as summed
    ) else excluded.counts end,
    samples = known.samples + excluded.samples,
    misses = known.misses + excluded.misses,
    updated_at = now()`

interface Row {
  readonly provider: string
  readonly model: string
  readonly side: string
  readonly counts: readonly string[]
  readonly samples: string
  readonly misses: string
}

function fromRow(row: Row): StoredEstimate {
  return {
    provider: row.provider,
    model: row.model,
    side: row.side === 'output' ? 'output' : 'input',
    counts: row.counts.map(Number),
    samples: Number(row.samples),
    misses: Number(row.misses),
  }
}
