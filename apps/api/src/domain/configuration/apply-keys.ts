import { randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { AdministrationError } from '../administration/error.ts'
import { hashKeySecret, previewKeySecret } from '../administration/key-secret.ts'
import { changedFields, noteAdoption, type Applying } from './applying.ts'
import type { KeyPlan } from './configuration.ts'

export interface WantedKey {
  readonly teamId: string
  readonly teamName: string
  readonly memberId: string | null
  /** In the configuration, dotted. */
  readonly path: string
  readonly plan: KeyPlan
}

/** Keys of all teams at once, since a secret may move from one key to another. Answers their ids, in order. */
export async function applyKeys(applying: Applying, wanted: readonly WantedKey[]): Promise<string[]> {
  const rows = await applying.tx.key.findMany({ include: { team: true } })
  const plans = wanted.map((key) => ({
    ...key,
    hash: hashKeySecret(key.plan.secret),
    row: rows.find((row) => row.teamId === key.teamId && row.name === key.plan.name),
  }))
  await freeHashes(applying, rows, plans)
  const ids: string[] = []
  for (const plan of plans) ids.push(await applyKey(applying, plan))
  for (const row of rows) {
    if (row.origin !== 'yaml' || row.revokedAt !== null || ids.includes(row.id)) continue
    await applying.tx.key.update({ where: { id: row.id }, data: { revokedAt: applying.at } })
    await applying.record({
      action: 'key.revoke',
      subject: `key:${row.id}`,
      details: { name: row.name, team: row.team.name, because: 'no longer in the file' },
    })
  }
  return ids
}

type Plan = WantedKey & { readonly hash: Uint8Array<ArrayBuffer>; readonly row: Row | undefined }

interface Row {
  readonly id: string
  readonly name: string
  readonly origin: string
  readonly hash: Uint8Array
  readonly revokedAt: Date | null
  readonly team: { readonly name: string }
}

/**
 * A key that is renamed, or two that change places: the row that had the secret gives it up first, or the two would
 * collide. It is one that the file knew, and is either written anew or revoked in this very transaction.
 */
async function freeHashes(applying: Applying, rows: readonly Row[], plans: readonly Plan[]): Promise<void> {
  for (const plan of plans) {
    const holder = rows.find((row) => row.id !== plan.row?.id && isSameHash(row.hash, plan.hash))
    if (holder === undefined) continue
    if (holder.origin !== 'yaml')
      throw new AdministrationError('conflict', 'Two keys cannot have one secret.', [
        {
          path: `${plan.path}.secret`,
          message: `opens the key "${holder.name}" of team "${holder.team.name}" already, which was made in the dashboard${holder.revokedAt === null ? '' : ' and revoked there'}: choose another`,
        },
      ])
    await applying.tx.key.update({
      where: { id: holder.id },
      data: { hash: new Uint8Array(randomBytes(32)) },
    })
  }
}

async function applyKey(
  applying: Applying,
  { plan, row, hash, teamId, teamName, memberId }: Plan,
): Promise<string> {
  const { tx } = applying
  const preview = previewKeySecret(plan.secret)
  const fields = {
    memberId,
    preview,
    models: [...plan.models],
    allowedIps: [...plan.allowedIps],
    expiresAt: plan.expiresAt ?? null,
    revokedAt: null,
    origin: 'yaml',
  }
  if (row === undefined) {
    const id = uuidv7()
    await tx.key.create({ data: { id, teamId, name: plan.name, hash, ...fields } })
    await applying.record({
      action: 'key.create',
      subject: `key:${id}`,
      details: { name: plan.name, team: teamName, preview },
    })
    return id
  }
  const what = `key "${plan.name}" of team "${teamName}"`
  const sameSecret = isSameHash(row.hash, hash)
  if (row.origin !== 'yaml' && row.revokedAt !== null && sameSecret) {
    applying.note(
      `${what} was revoked in the dashboard and stays so: give it a new secret in the configuration file`,
    )
    return row.id
  }
  noteAdoption(applying, row, what)
  const changed = [...changedFields(row, fields), ...(sameSecret ? [] : ['secret'])]
  if (changed.length === 0) return row.id
  await tx.key.update({ where: { id: row.id }, data: { ...fields, hash } })
  await applying.record({
    action: 'key.update',
    subject: `key:${row.id}`,
    details: { name: plan.name, team: teamName, changed },
  })
  return row.id
}

function isSameHash(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.from(left).equals(right)
}
