import type { Actor } from './actor.ts'
import { changePeople } from './change.ts'
import { requireRank, type PeopleServices } from './create-user.ts'
import { findUser } from './list-users.ts'
import { requireAnOwner } from './update-user.ts'

/** With every session. What they did stays in the audit under their id and address. */
export async function deleteUser(services: PeopleServices, actor: Actor, id: string): Promise<void> {
  const user = await findUser(services, id)
  requireRank(actor, user.role)
  await changePeople(services, actor, async (tx, audit) => {
    await tx.user.delete({ where: { id } })
    await requireAnOwner(tx)
    await audit({
      action: 'user.delete',
      subject: `user:${id}`,
      details: { name: user.name, email: user.email },
    })
  })
}
