import type { Pool } from 'pg'

/** Name of the setting in which the time zone of shared counters is kept. */
export const countersTimeZoneSetting = 'countersTimeZone'

/** Only a change is written: it tells every process to read the configuration again. */
export async function rememberCountersTimeZone(pool: Pool, timeZone: string): Promise<void> {
  await pool.query(
    `insert into setting (name, value, updated_at) values ($1, to_jsonb($2::text), now())
     on conflict (name) do update set value = excluded.value, updated_at = now()
     where setting.value <> excluded.value`,
    [countersTimeZoneSetting, timeZone],
  )
}
