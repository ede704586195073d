import type { QuotaMetric, QuotaWindow } from '../snapshot/snapshot.ts'
import { reportQuotas } from './report-quotas.ts'
import type { AdministrationServices } from './services.ts'

/** A soft quota that a request passed. What is gone meanwhile has only its id left. */
export interface PassedQuota {
  readonly id: string
  readonly scope: 'team' | 'member' | 'key' | null
  readonly name: string | null
  readonly metric: QuotaMetric | null
  readonly window: QuotaWindow | null
}

export async function findPassedQuotas(
  services: AdministrationServices,
  ids: readonly string[],
): Promise<readonly PassedQuota[]> {
  if (ids.length === 0) return []
  const found = new Map((await reportQuotas(services, { ids })).map(({ quota }) => [quota.id, quota]))
  return ids.map((id) => {
    const quota = found.get(id)
    return {
      id,
      scope: quota?.scope ?? null,
      name: quota?.scopeName ?? null,
      metric: quota?.metric ?? null,
      window: quota?.window ?? null,
    }
  })
}
