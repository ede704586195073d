import { AdministrationError } from '../administration/error.ts'
import type { Applying } from './applying.ts'
import type { Configuration } from './configuration.ts'

export async function applySettings(applying: Applying, config: Configuration): Promise<void> {
  const { tx } = applying
  const stored = await tx.setting.findMany({ where: { name: { in: ['currency', 'timeZone'] } } })
  const currencyBefore = stored.find((row) => row.name === 'currency')?.value ?? 'CNY'
  // Amounts in the books are numbers of one currency: sums over two of them would mean nothing.
  if (currencyBefore !== config.currency && (await tx.usageRecord.findFirst()) !== null)
    throw new AdministrationError('unprocessable', 'The currency cannot change.', [
      {
        path: 'currency',
        message: `the books are kept in ${JSON.stringify(currencyBefore)} and have records in it already: start with an empty database to change that`,
      },
    ])
  for (const name of ['currency', 'timeZone'] as const) {
    const value = config[name]
    if (stored.some((row) => row.name === name && row.value === value)) continue
    await tx.setting.upsert({ where: { name }, create: { name, value }, update: { value } })
    await applying.record({ action: 'setting.update', subject: `setting:${name}`, details: { value } })
  }
}
