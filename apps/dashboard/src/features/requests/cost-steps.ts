import type { RequestDetail } from '../../shared/api/types.ts'
import { subtractMoney } from '../../shared/format/money.ts'

type Adjustment = RequestDetail['adjustments'][number]

/** One correction, with the costs before and after it. A list cost that was unknown is `null`. */
export interface CostStep {
  readonly adjustment: Adjustment
  readonly listCost: { readonly before: string | null; readonly after: string | null }
  readonly billedCost: { readonly before: string; readonly after: string }
}

/**
 * The corrections of a request in their order. The row's costs are those after the last one, and each says by how much
 * it changed them: so the costs before are found backwards.
 */
export function costSteps(
  row: Pick<RequestDetail, 'listCost' | 'billedCost' | 'adjustments'>,
): readonly CostStep[] {
  const steps: CostStep[] = []
  let list = row.listCost ?? '0'
  let isKnown = row.listCost !== null
  let billed = row.billedCost
  for (const adjustment of row.adjustments.toReversed()) {
    const after = { list: isKnown ? list : null, billed }
    list = subtractMoney(list, adjustment.listCost)
    billed = subtractMoney(billed, adjustment.billedCost)
    if (adjustment.priced !== 0) isKnown = adjustment.priced < 0
    steps.unshift({
      adjustment,
      listCost: { before: isKnown ? list : null, after: after.list },
      billedCost: { before: billed, after: after.billed },
    })
  }
  return steps
}
