import type { AdministrationServices } from './services.ts'

type Asking = Pick<AdministrationServices, 'db' | 'clock'>

/**
 * Answers about the past, kept for a moment: pages ask them every second or two, and any number of people have the same
 * page open. Only for hours that are over; what runs is always read.
 */
export function createMemory<Answer>() {
  const memory = new WeakMap<object, Map<string, { answer: Promise<Answer>; untilMs: number }>>()
  return function remember(services: Asking, question: string, ask: () => Promise<Answer>): Promise<Answer> {
    const nowMs = services.clock.now()
    const known = memory.get(services.db) ?? new Map<string, { answer: Promise<Answer>; untilMs: number }>()
    memory.set(services.db, known)
    for (const [old, { untilMs }] of known) if (untilMs <= nowMs) known.delete(old)
    const found = known.get(question)
    if (found !== undefined) return found.answer
    const answer = ask()
    known.set(question, { answer, untilMs: nowMs + keptMs })
    answer.catch(() => known.delete(question))
    return answer
  }
}

const keptMs = 30_000
const hourMs = 3_600_000

/** Hours before this are over, and what was booked in them has long been drained: requests rarely last this long. */
export function settledBefore(nowMs: number): Date {
  return new Date((Math.floor(nowMs / hourMs) - 2) * hourMs)
}
