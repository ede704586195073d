import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { findAccountRow } from './list-accounts.ts'
import { refuseYaml } from './refuse-yaml.ts'
import type { AdministrationServices } from './services.ts'

/** Takes the account with its models, grants and routes' places away. Its usage stays in the books under its name. */
export async function deleteAccount(
  services: AdministrationServices,
  actor: Actor,
  name: string,
): Promise<void> {
  const row = await findAccountRow(services.db, name)
  refuseYaml(row.origin, `account "${name}"`)
  await change(services, actor, async (tx, audit) => {
    const grants = await tx.grant.findMany({ where: { accountId: row.id } })
    for (const grant of grants)
      await audit({
        action: 'grant.delete',
        subject: `grant:${grant.id}`,
        details: { name: grant.name, account: name, unit: grant.unit },
      })
    await audit({ action: 'account.delete', subject: `account:${row.id}`, details: { name } })
    await tx.account.delete({ where: { id: row.id } })
  })
}
