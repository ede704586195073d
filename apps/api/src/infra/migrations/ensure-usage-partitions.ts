import type pg from 'pg'

/**
 * Makes the monthly partitions of `usage_record` from the month of `from` on (UTC). Idempotent, and safe for any number
 * of processes at once. Rows that came before their month had a partition lie in `usage_record_default`; they are
 * moved over. Returns the names that were made.
 *
 * With `lockMsMax` it gives up rather than wait longer behind whoever reads the table: everybody else would wait behind it.
 */
export async function ensureUsagePartitions(
  pool: pg.Pool,
  from: Date,
  months: number,
  options: { readonly lockMsMax?: number } = {},
): Promise<string[]> {
  const client = await pool.connect()
  const made: string[] = []
  try {
    for (let offset = 0; offset < months; offset += 1) {
      const start = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + offset, 1))
      const end = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + offset + 1, 1))
      const name = usagePartitionName(start)
      if (await makePartition(client, name, start.toISOString(), end.toISOString(), options.lockMsMax ?? 0))
        made.push(name)
    }
  } finally {
    client.release()
  }
  return made
}

/** `usage_record_2026_11` for a moment in November 2026. */
function usagePartitionName(at: Date): string {
  return `usage_record_${at.getUTCFullYear()}_${String(at.getUTCMonth() + 1).padStart(2, '0')}`
}

/** Names and bounds are made from dates above, never from input; DDL takes no parameters. */
async function makePartition(
  client: pg.PoolClient,
  name: string,
  start: string,
  end: string,
  lockMsMax: number,
): Promise<boolean> {
  const exists = async () =>
    (await client.query('SELECT 1 WHERE to_regclass($1) IS NOT NULL', [name])).rowCount === 1
  if (await exists()) return false
  await client.query('BEGIN')
  try {
    // 0 waits for ever. Writers wait for the moment that this takes; without the lock one of them could put a row for the month into
    // the default partition between the move and the attaching, which would fail.
    await client.query(`SET LOCAL lock_timeout = ${lockMsMax}`)
    await client.query('LOCK TABLE usage_record IN ACCESS EXCLUSIVE MODE')
    const missing = !(await exists())
    if (missing) {
      await client.query(`CREATE TABLE ${name} (LIKE usage_record INCLUDING ALL)`)
      await client.query(
        `WITH moved AS (
           DELETE FROM usage_record_default WHERE started_at >= '${start}' AND started_at < '${end}' RETURNING *
         ) INSERT INTO ${name} SELECT * FROM moved`,
      )
      await client.query(
        `ALTER TABLE usage_record ATTACH PARTITION ${name} FOR VALUES FROM ('${start}') TO ('${end}')`,
      )
    }
    await client.query('COMMIT')
    return missing
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}
