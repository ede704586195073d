import { v7 as uuidv7 } from 'uuid'
import type { JsonObject, Tx } from '../../ports/database.ts'
import type { Actor } from './actor.ts'
import type { AdministrationServices } from './services.ts'

export interface AuditInput {
  /** `account.create`, `key.revoke`, ... */
  readonly action: string
  /** `account:<id>`, `key:<id>`, ... */
  readonly subject: string
  /** What changed, without secrets. `name` is kept so that reports can still name what has been deleted. */
  readonly details?: JsonObject
}

type Audit = (entry: AuditInput) => Promise<void>

/**
 * One change of the configuration: its rows, its audit entries and the notification to the other processes are one
 * transaction. When the promise resolves, this process serves requests by the new configuration.
 */
export async function change<Result>(
  services: Pick<AdministrationServices, 'db' | 'snapshot'>,
  actor: Actor,
  work: (tx: Tx, audit: Audit) => Promise<Result>,
): Promise<Result> {
  const result = await services.db.$transaction(async (tx) => {
    const outcome = await work(tx, (entry) => writeAudit(tx, actor, entry))
    await notifyChange(tx)
    return outcome
  }, transactionLimits)
  await services.snapshot.refresh()
  return result
}

/** A change that no request is served by (people, their roles): audited the same way, nothing to rebuild. */
export async function changePeople<Result>(
  services: Pick<AdministrationServices, 'db'>,
  actor: Actor,
  work: (tx: Tx, audit: Audit) => Promise<Result>,
): Promise<Result> {
  return services.db.$transaction(
    (tx) => work(tx, (entry) => writeAudit(tx, actor, entry)),
    transactionLimits,
  )
}

export async function writeAudit(tx: Tx, actor: Actor, entry: AuditInput): Promise<void> {
  await tx.auditEntry.create({
    data: {
      id: uuidv7(),
      actor: actor.id,
      action: entry.action,
      subject: entry.subject,
      details: entry.details ?? {},
    },
  })
}

/** Delivered by Postgres when the transaction commits, and only then. */
export async function notifyChange(tx: Tx): Promise<void> {
  await tx.$executeRaw`select pg_notify('tollgate_config', '')`
}

export const transactionLimits = { maxWait: 10_000, timeout: 30_000 }
