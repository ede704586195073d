import type { Db } from '../../ports/database.ts'

const settingName = 'recordsFrom'

/** Since when single requests are kept: of hours before, only the sums are. `undefined`: nothing was ever dropped. */
export async function readRecordsFrom(db: Db): Promise<Date | undefined> {
  const row = await db.setting.findUnique({ where: { name: settingName } })
  return typeof row?.value === 'string' ? new Date(row.value) : undefined
}
