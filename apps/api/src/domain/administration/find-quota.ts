import { seesTeam, type Actor } from './actor.ts'
import { AdministrationError, notFound } from './error.ts'
import { reportQuotas, type QuotaReport } from './report-quotas.ts'
import type { AdministrationServices } from './services.ts'

export async function findQuota(
  services: AdministrationServices,
  actor: Actor,
  id: string,
): Promise<QuotaReport> {
  const [report] = await reportQuotas(services, { ids: [id] })
  if (report === undefined || !seesTeam(actor, report.teamId)) throw notFound('quota', id)
  return report
}

/** A manager shares the team's limits out among its members and keys; the team's own are set from above. */
export function refuseOwnLimits(actor: Actor, scope: string): void {
  if (actor.teamId !== undefined && scope === 'team')
    throw new AdministrationError(
      'forbidden',
      "A team's own quotas are set by administrators; you can set those of its members and keys.",
    )
}
