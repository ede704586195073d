import { v7 as uuidv7 } from 'uuid'
import { yamlActor } from '../administration/actor.ts'
import { AdministrationError } from '../administration/error.ts'
import { settleExpiry } from '../grants/settle-expiry.ts'
import { changedFields, noteAdoption, type Applying } from './applying.ts'
import type { GrantPlan } from './configuration.ts'

export interface GrantsOwner {
  readonly accountId: string
  readonly accountName: string
  /** Of the list in the configuration, dotted. */
  readonly path: string
}

export async function applyGrants(
  applying: Applying,
  owner: GrantsOwner,
  plans: readonly GrantPlan[],
): Promise<void> {
  for (const [index, plan] of plans.entries())
    await applyGrant(applying, { ...owner, path: `${owner.path}.${index}` }, plan)
  await closeGrants(
    applying,
    owner.accountId,
    plans.map((plan) => plan.name),
  )
}

/**
 * What the file no longer lists has ended. It may have stopped at zero: left so, it would keep its models from ever
 * being paid for, so that is taken back with it.
 */
export async function closeGrants(
  applying: Applying,
  accountId: string,
  kept: readonly string[],
): Promise<void> {
  const rows = await applying.tx.grant.findMany({
    where: { accountId, origin: 'yaml', name: { notIn: [...kept] } },
  })
  for (const row of rows) {
    const open = row.expiresAt === null || row.expiresAt > applying.at
    if (!open && row.whenEmpty === 'provider-bills') continue
    const expiresAt = open ? applying.at : row.expiresAt
    await applying.tx.grant.update({
      where: { id: row.id },
      data: { expiresAt, whenEmpty: 'provider-bills' },
    })
    await applying.record({
      action: 'grant.update',
      subject: `grant:${row.id}`,
      details: {
        name: row.name,
        expiresAt: expiresAt?.toISOString() ?? null,
        because: 'no longer in the file',
      },
    })
  }
}

async function applyGrant(applying: Applying, owner: GrantsOwner, plan: GrantPlan): Promise<void> {
  const { tx } = applying
  const row = await tx.grant.findUnique({
    where: { accountId_name: { accountId: owner.accountId, name: plan.name } },
    include: { entries: true },
  })
  const fields = {
    models: [...plan.models],
    currency: applying.currency,
    window: plan.window,
    expiresAt: plan.expiresAt ?? null,
    whenEmpty: plan.whenEmpty,
    covers: [...plan.covers],
    source: 'yaml',
    confidence: plan.confidence,
    note: plan.note ?? null,
    origin: 'yaml',
    ...(plan.validFrom === undefined ? {} : { validFrom: plan.validFrom }),
  }
  if (row === null) {
    const id = uuidv7()
    await tx.grant.create({
      data: {
        id,
        accountId: owner.accountId,
        name: plan.name,
        unit: plan.unit,
        validFrom: applying.at,
        ...fields,
        entries: { create: { id: uuidv7(), kind: 'credit', amount: plan.amount, actor: yamlActor.id } },
      },
    })
    await applying.record({
      action: 'grant.create',
      subject: `grant:${id}`,
      details: {
        name: plan.name,
        account: owner.accountName,
        unit: plan.unit,
        amount: plan.amount.toString(),
      },
    })
    return
  }
  // Its entries and everything used of it are counted in the old unit.
  if (row.unit !== plan.unit)
    throw new AdministrationError('unprocessable', 'The unit of a grant cannot change.', [
      {
        path: `${owner.path}.unit`,
        message: `grant "${plan.name}" counts ${row.unit} since it was made: give the one that counts ${plan.unit} another name`,
      },
    ])
  noteAdoption(applying, row, `grant "${plan.name}" of account "${owner.accountName}"`)
  const changed = changedFields(row, fields)
  if (changed.length > 0) {
    const windowSince = row.window === plan.window ? row.windowSince : applying.at
    await tx.grant.update({ where: { id: row.id }, data: { ...fields, windowSince } })
  }
  // One that runs on after all has again what its expiry took.
  if (changed.includes('expiresAt'))
    await settleExpiry(tx, {
      grantId: row.id,
      atMs: applying.at.getTime(),
      timeZone: applying.timeZone,
    })
  const difference = await applyAmount(applying, row, plan.amount)
  if (difference !== 0n) changed.push('amount')
  if (changed.length > 0)
    await applying.record({
      action: 'grant.update',
      subject: `grant:${row.id}`,
      details: {
        name: plan.name,
        changed,
        amount: plan.amount.toString(),
        difference: difference.toString(),
      },
    })
}

/**
 * The entries of the file add up to what the file says. Corrections that people made by the provider's console stand
 * beside them; credits from before the file knew the grant are taken back, since the file's amount is instead of them.
 */
async function applyAmount(
  applying: Applying,
  row: {
    readonly id: string
    readonly origin: string
    readonly entries: readonly { readonly kind: string; readonly amount: bigint; readonly actor: string }[]
  },
  amount: bigint,
): Promise<bigint> {
  const sum = (entries: typeof row.entries) => entries.reduce((total, entry) => total + entry.amount, 0n)
  const ofFile = row.entries.filter((entry) => entry.actor === yamlActor.id)
  const add = (entry: { kind: string; amount: bigint; actor: string; reason: string }) =>
    applying.tx.grantEntry.create({ data: { id: uuidv7(), grantId: row.id, ...entry } })
  if (row.origin !== 'yaml') {
    const credited = sum(row.entries.filter((entry) => entry.kind === 'credit'))
    if (credited !== 0n)
      await add({
        kind: 'adjustment',
        amount: -credited,
        actor: 'system',
        reason: 'credits of the dashboard, which the amount in the configuration file replaces',
      })
    await add({ kind: 'credit', amount, actor: yamlActor.id, reason: 'taken over by the configuration file' })
    return amount - credited
  }
  const difference = amount - sum(ofFile)
  if (difference !== 0n)
    await add({
      kind: 'adjustment',
      amount: difference,
      actor: yamlActor.id,
      reason: 'the amount in the configuration file changed',
    })
  return difference
}
