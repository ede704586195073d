import type { GrantUnit } from '../snapshot/snapshot.ts'

/**
 * How much of a grant something takes, in the grant's unit. `undefined`: a grant of money and a model without a price,
 * which cannot be told.
 */
export function grantNeed(
  unit: GrantUnit,
  use: {
    readonly inputTokens: number
    readonly outputTokens: number
    readonly costNanos: bigint | undefined
    /** The provider's own total, where it exceeds input and output (tool tokens). */
    readonly totalTokens?: number
  },
): bigint | undefined {
  switch (unit) {
    case 'tokens':
      return BigInt(use.totalTokens ?? use.inputTokens + use.outputTokens)
    case 'input-tokens':
      return BigInt(use.inputTokens)
    case 'output-tokens':
      return BigInt(use.outputTokens)
    case 'requests':
      return 1n
    case 'money':
      return use.costNanos
  }
}
