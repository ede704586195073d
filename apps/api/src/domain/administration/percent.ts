/** 0 to 100 and above, one decimal place. Of nothing, nothing is used up: a limit of 0 counts as 100. */
export function percentOf(used: bigint, whole: bigint): number {
  if (whole <= 0n) return 100
  return Number((used * 1000n) / whole) / 10
}
