import { yamlActor } from '../administration/actor.ts'
import { notifyChange, transactionLimits, writeAudit } from '../administration/change.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Db } from '../../ports/database.ts'
import type { Logger } from '../../ports/logger.ts'
import type { Secrets } from '../../ports/secrets.ts'
import { applyAccounts } from './apply-accounts.ts'
import { applyRoutes } from './apply-routes.ts'
import { applySettings } from './apply-settings.ts'
import { applyTeams } from './apply-teams.ts'
import type { Applying } from './applying.ts'
import type { Configuration } from './configuration.ts'

export interface ApplyServices {
  readonly db: Db
  readonly secrets: Secrets
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Makes the database say what the file says, in one transaction under a lock, and writes nothing that is so already.
 *
 * Rows of origin `yaml` follow the file. What is gone from it is switched off, revoked or closed, never deleted: the
 * ledger names it (quotas it does not name, so they are deleted). What the dashboard made stays as it is, unless
 * something in the file has its name. Throws `AdministrationError` with the path of what cannot be done.
 */
export async function applyConfiguration(
  services: ApplyServices,
  config: Configuration,
): Promise<{ readonly changes: number }> {
  const notes: string[] = []
  const changes = await services.db.$transaction(async (tx) => {
    await tx.$executeRaw`select pg_advisory_xact_lock(${lockNumber})`
    let recorded = 0
    const applying: Applying = {
      tx,
      secrets: services.secrets,
      at: new Date(services.clock.now()),
      currency: config.currency,
      timeZone: config.timeZone,
      record: async (entry) => {
        recorded += 1
        await writeAudit(tx, yamlActor, entry)
      },
      note: (message) => notes.push(message),
    }
    await applySettings(applying, config)
    await applyAccounts(applying, config.accounts)
    await applyRoutes(applying, config.models)
    await applyTeams(applying, config.teams)
    if (recorded > 0) await notifyChange(tx)
    return recorded
  }, transactionLimits)
  for (const note of notes) services.log.info({}, note)
  return { changes }
}

/** Any number that nothing else in this database locks by. */
const lockNumber = 7_020_318_559n
