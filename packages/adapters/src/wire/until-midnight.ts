/** How long the day still lasts where the platforms count it: China, UTC+8, without summer time. In milliseconds. */
export function untilMidnightInChinaMs(nowMs: number): number {
  return DAY_MS - ((nowMs + CHINA_OFFSET_MS) % DAY_MS)
}

const DAY_MS = 86_400_000
const CHINA_OFFSET_MS = 28_800_000
