import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { notFound } from './error.ts'
import { refuseYaml } from './refuse-yaml.ts'
import type { AdministrationServices } from './services.ts'

/** Nothing is paid from it any more. What it has paid stays in the books under its name. */
export async function deleteGrant(services: AdministrationServices, actor: Actor, id: string): Promise<void> {
  const row = await services.db.grant.findUnique({ where: { id }, include: { account: true } })
  if (row === null) throw notFound('grant', id)
  refuseYaml(row.origin, `grant "${row.name}"`)
  await change(services, actor, async (tx, audit) => {
    await audit({
      action: 'grant.delete',
      subject: `grant:${id}`,
      details: { name: row.name, account: row.account.name, unit: row.unit },
    })
    await tx.grant.delete({ where: { id } })
  })
}
