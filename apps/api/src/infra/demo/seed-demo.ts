import { systemActor } from '../../domain/administration/actor.ts'
import { notifyChange, transactionLimits, writeAudit } from '../../domain/administration/change.ts'
import { writeUser } from '../../domain/administration/create-user.ts'
import type { AdministrationServices } from '../../domain/administration/services.ts'
import { applyConfiguration } from '../../domain/configuration/apply-configuration.ts'
import { showPath } from '../../domain/configuration/findings.ts'
import { readConfiguration } from '../../domain/configuration/read-configuration.ts'
import { calendarWindow } from '../../domain/counters/calendar.ts'
import type { Tx } from '../../ports/database.ts'
import type { Ledger } from '../../ports/ledger.ts'
import type { Logger } from '../../ports/logger.ts'
import type { SignIn } from '../../ports/sign-in.ts'
import { bookDrafts } from './book-drafts.ts'
import { demoAccounts, demoConfiguration, demoLogin, nearlyFull, type Endpoints } from './demo-world.ts'
import { draftRequests } from './draft-requests.ts'
import { readDemoIndex } from './read-demo-index.ts'
import { seededRandom } from './seeded-random.ts'

export interface SeedDemoServices extends Pick<
  AdministrationServices,
  'db' | 'secrets' | 'adapters' | 'catalogue' | 'clock'
> {
  readonly ledger: Ledger
  readonly log: Logger
  /** Where the simulated providers are in this run. */
  readonly endpoints: Endpoints
  readonly hashPassword: SignIn['hashPassword']
}

/**
 * Fills an empty database with a company that has used Tollgate for a month. A second start with the same data directory
 * only points the accounts at the simulator's new port; a start after one that was interrupted goes on where that
 * was. Runs before the books are opened: they count from what is in the ledger. Throws for a database that is in
 * use for anything else.
 */
export async function seedDemo(services: SeedDemoServices): Promise<{ readonly seeded: boolean }> {
  const progress = await readProgress(services)
  if (progress.complete) {
    await pointAtSimulator(services)
    return { seeded: false }
  }
  const { nowMs } = progress
  const read = readConfiguration(services, demoConfiguration(services.endpoints, nowMs))
  if (!read.ok)
    throw new Error(read.problems.map(({ path, message }) => `${showPath(path)}: ${message}`).join('; '))
  const silent: Logger = { ...services.log, info() {} }
  await applyConfiguration({ ...services, clock: { now: () => nowMs }, log: silent }, read.config)
  const index = await readDemoIndex(services.db, read.config, new Date(nowMs))
  const random = seededRandom(20_261_001)
  const records = bookDrafts(random, draftRequests(random, nowMs), index)
  for (let from = 0; from < records.length; from += batchSize)
    await services.ledger.write(records.slice(from, from + batchSize))
  const passwordHash = await services.hashPassword(demoLogin.password)
  await services.db.$transaction(async (tx) => {
    await fillQuotas(tx, nowMs, read.config.timeZone)
    await handOver(tx)
    await writeOwner(tx, passwordHash)
    await saveProgress(tx, { nowMs, complete: true })
    await notifyChange(tx)
  }, transactionLimits)
  services.log.info({ records: records.length }, 'the demo has a month of usage')
  return { seeded: true }
}

const batchSize = 1_000
const settingName = 'demo'

interface Progress {
  /** The month ends here. Kept, so that going on gives the same records with the same ids. */
  readonly nowMs: number
  readonly complete: boolean
}

async function readProgress(services: SeedDemoServices): Promise<Progress> {
  const { db } = services
  const setting = await db.setting.findUnique({ where: { name: settingName } })
  const value = setting?.value
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const { nowMs, complete } = value
    if (typeof nowMs === 'number' && typeof complete === 'boolean') return { nowMs, complete }
  }
  if ((await db.account.count()) + (await db.team.count()) + (await db.user.count()) > 0)
    throw new Error(
      'The demo fills an empty database only, and this one is in use. Set TOLLGATE_DATA_DIR to another folder.',
    )
  const progress = { nowMs: services.clock.now(), complete: false }
  await saveProgress(db, progress)
  return progress
}

async function saveProgress(tx: Tx, { nowMs, complete }: Progress): Promise<void> {
  const value = { nowMs, complete }
  await tx.setting.upsert({
    where: { name: settingName },
    create: { name: settingName, value },
    update: { value },
  })
}

/** Only accounts that still are at a simulator: one that a person pointed elsewhere stays there. */
async function pointAtSimulator(services: SeedDemoServices): Promise<void> {
  await services.db.$transaction(async (tx) => {
    for (const { name, protocol } of demoAccounts(services.clock.now())) {
      const baseUrl = services.endpoints[protocol]?.baseUrl
      if (baseUrl === undefined) continue
      await tx.account.updateMany({
        where: { name, protocol, baseUrl: { startsWith: 'http://127.0.0.1:', not: baseUrl } },
        data: { baseUrl },
      })
    }
    await notifyChange(tx)
  }, transactionLimits)
}

/** Sets the limits of a few quotas by what was used of them, so that the pages have something to warn of. */
async function fillQuotas(tx: Tx, nowMs: number, timeZone: string): Promise<void> {
  const month = new Date(calendarWindow('month', nowMs, timeZone).startMs)
  for (const { team, metric, percent } of nearlyFull) {
    const quota = await tx.quota.findFirstOrThrow({
      where: { team: { name: team }, scope: 'team', metric, window: 'month' },
    })
    const { _sum: used } = await tx.usageRecord.aggregate({
      where: { teamId: quota.teamId, startedAt: { gte: month } },
      _sum: { totalTokens: true, billedCost: true },
    })
    const amount = metric === 'cost' ? (used.billedCost ?? 0n) : BigInt(used.totalTokens ?? 0)
    const unit = metric === 'cost' ? 10_000_000n : 1_000n
    const limit = ((amount * 100n) / BigInt(percent) / unit) * unit
    // On the first morning of a month nothing has been used of it yet.
    if (limit > 10n * unit) await tx.quota.update({ where: { id: quota.id }, data: { limit } })
  }
}

/** What was written as a file would be is now the dashboard's, for whoever tries it out to change. */
async function handOver(tx: Tx): Promise<void> {
  const data = { origin: 'api' }
  const where = { origin: 'yaml' }
  await tx.account.updateMany({ where, data })
  await tx.route.updateMany({ where, data })
  await tx.team.updateMany({ where, data })
  await tx.key.updateMany({ where, data })
  await tx.quota.updateMany({ where, data })
  await tx.priceVersion.updateMany({ where, data })
  await tx.grant.updateMany({ where, data: { ...data, source: 'console' } })
  await tx.grantEntry.updateMany({ where: { actor: 'yaml' }, data: { actor: systemActor.id } })
  await tx.auditEntry.updateMany({ where: { actor: 'yaml' }, data: { actor: systemActor.id } })
}

async function writeOwner(tx: Tx, passwordHash: string): Promise<void> {
  const id = await writeUser(tx, {
    name: 'Demo',
    email: demoLogin.email,
    role: 'owner',
    teamId: null,
    passwordHash,
  })
  await writeAudit(tx, systemActor, {
    action: 'user.create',
    subject: `user:${id}`,
    details: { name: 'Demo', email: demoLogin.email, role: 'owner' },
  })
}
