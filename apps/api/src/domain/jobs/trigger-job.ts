import type { Db } from '../../ports/database.ts'
import type { Jobs } from '../../ports/jobs.ts'
import type { Actor } from '../administration/actor.ts'
import { changePeople } from '../administration/change.ts'
import { AdministrationError, notFound } from '../administration/error.ts'
import { jobSchedule } from './recurring-jobs.ts'

/** Asks for one more run, now; who asked is in the audit. Where the job runs, and when it is over, `listJobs` tells. */
export async function triggerJob(
  services: { readonly db: Db; readonly jobs: Jobs },
  actor: Actor,
  name: string,
): Promise<void> {
  if (!jobSchedule.some((job) => job.name === name)) throw notFound('job', name)
  await changePeople(services, actor, async (_tx, audit) => {
    await audit({ action: 'job.trigger', subject: `job:${name}`, details: { name } })
    // Last: what could not be asked for is not in the audit.
    try {
      await services.jobs.trigger(name)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new AdministrationError(
        'unavailable',
        `The queue of jobs cannot be reached right now (${reason}). Try again in a moment.`,
      )
    }
  })
}
