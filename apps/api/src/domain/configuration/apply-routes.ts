import { writeRoute } from '../administration/write-route.ts'
import { noteAdoption, type Applying } from './applying.ts'
import type { RoutePlan } from './configuration.ts'

export async function applyRoutes(applying: Applying, plans: readonly RoutePlan[]): Promise<void> {
  const { tx } = applying
  const rows = await tx.route.findMany({
    include: {
      offerings: { orderBy: { position: 'asc' }, include: { offering: { include: { account: true } } } },
    },
  })
  for (const plan of plans) {
    const row = rows.find((candidate) => candidate.model === plan.name)
    if (row !== undefined) {
      noteAdoption(applying, row, `model "${plan.name}"`)
      const offerings = row.offerings.map(({ offering }) => `${offering.account.name}/${offering.name}`)
      if (
        row.origin === 'yaml' &&
        row.policy === plan.policy &&
        row.enabled === plan.enabled &&
        offerings.join('\n') === plan.offerings.join('\n')
      )
        continue
    }
    const id = await writeRoute(tx, { ...plan, model: plan.name, origin: 'yaml' })
    await applying.record({
      action: row === undefined ? 'model.create' : 'model.update',
      subject: `route:${id}`,
      details: {
        name: plan.name,
        policy: plan.policy,
        enabled: plan.enabled,
        offerings: [...plan.offerings],
      },
    })
  }
  for (const row of rows) {
    if (row.origin !== 'yaml' || !row.enabled || plans.some((plan) => plan.name === row.model)) continue
    await tx.route.update({ where: { id: row.id }, data: { enabled: false } })
    await applying.record({
      action: 'model.update',
      subject: `route:${row.id}`,
      details: { name: row.model, enabled: false, because: 'no longer in the file' },
    })
  }
}
