import type pg from 'pg'
import type { UsagePartition, UsagePartitions } from '../../ports/usage-partitions.ts'
import { ensureUsagePartitions } from './ensure-usage-partitions.ts'

const namePattern = /^usage_record_(\d{4})_(\d{2})$/

/** Everybody who reads or writes records waits behind us while we wait for a long report: better to come again in an hour. */
const lockMsMax = 5_000

export class PostgresUsagePartitions implements UsagePartitions {
  readonly #pool: pg.Pool

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  ensure(from: Date, months: number): Promise<readonly string[]> {
    return ensureUsagePartitions(this.#pool, from, months, { lockMsMax })
  }

  async strays(monthsMax: number): Promise<readonly Date[]> {
    const { rows } = await this.#pool.query<{ month: Date }>(
      `select distinct date_trunc('month', started_at, 'UTC') as month from usage_record_default order by 1 limit $1`,
      [monthsMax],
    )
    return rows.map(({ month }) => month)
  }

  async list(): Promise<readonly UsagePartition[]> {
    const { rows } = await this.#pool.query<{ name: string; bytes: string }>(
      `select child.relname as name, pg_total_relation_size(child.oid) as bytes
       from pg_inherits join pg_class child on child.oid = inhrelid
       where inhparent = 'usage_record'::regclass order by 1`,
    )
    return rows.flatMap(({ name, bytes }) => {
      const found = namePattern.exec(name)
      if (found === null) return []
      const [year, month] = [Number(found[1]), Number(found[2])]
      const [from, to] = [new Date(Date.UTC(year, month - 1, 1)), new Date(Date.UTC(year, month, 1))]
      return [{ name, from, to, bytes: Number(bytes) }]
    })
  }

  async drop({ name, from, to }: UsagePartition): Promise<{ readonly adjustments: number }> {
    // DDL takes no parameters; the name becomes part of the statement.
    if (!namePattern.test(name)) throw new Error(`${name} is no partition of the usage records`)
    const client = await this.#pool.connect()
    try {
      await client.query('BEGIN')
      await client.query(`SET LOCAL lock_timeout = ${lockMsMax}`)
      await client.query(`ALTER TABLE usage_record DETACH PARTITION ${name}`)
      await client.query(`DROP TABLE ${name}`)
      const { rowCount } = await client.query(
        'delete from usage_adjustment where started_at >= $1 and started_at < $2',
        [from, to],
      )
      await client.query(noteSql, [to.toISOString()])
      await client.query('COMMIT')
      return { adjustments: rowCount ?? 0 }
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }
}

/** See domain/retention/records-from.ts. Never an earlier moment than before: a late month is dropped a second time. */
const noteSql = `
insert into setting (name, value, updated_at) values ('recordsFrom', to_jsonb($1::text), now())
on conflict (name) do update set value = excluded.value, updated_at = now()
where (setting.value #>> '{}') < (excluded.value #>> '{}')`
