import type { ByteString } from '../byte-string.ts'
import type { Fault } from './faults.ts'
import type { Frame } from './lay-out.ts'
import type { Outlet } from './outlet.ts'
import type { Outcome } from './request-log.ts'

interface Delivery {
  readonly frames: readonly Frame[]
  readonly gapMs: number
  readonly fault: Fault
  readonly headers: Record<string, string>
  /** The platform's own error event with its end mark, after so many frames. */
  readonly errorFrame: (framesBefore: number) => ByteString
  /**
   * Called once, before the last bytes are written, so that a reader who has seen the end of an answer also sees it
   * on the bill. `count` is the number of frames produced.
   */
  readonly produced: (count: number, outcome: Outcome) => void
}

type Ending = 'complete' | 'cut' | 'stall' | 'error' | 'garbage'

/** Bytes handed to the outlet at a time when no pace is asked for; larger answers wait for the reader. */
const blockLength = 64 * 1024

/** Sends frames, all at once or paced, and ends as the fault says. */
export function deliverStream(outlet: Outlet, delivery: Delivery): void {
  const { frames, gapMs } = delivery
  const { count, ending } = howItEnds(delivery.fault, frames.length)
  // A cut before the first frame leaves no sign of an answer.
  if (ending !== 'cut' || count > 0) outlet.begin(delivery.headers)
  const startedAt = performance.now()
  let written = 0
  let timer: NodeJS.Timeout | undefined
  let over = false

  outlet.onClose(() => {
    clearTimeout(timer)
    if (!over) delivery.produced(written, 'client-closed')
    over = true
  })

  const finish = (block: readonly ByteString[]) => {
    over = true
    switch (ending) {
      case 'complete':
        delivery.produced(count, 'complete')
        outlet.end(block)
        break
      case 'cut':
        delivery.produced(count, 'cut')
        outlet.cut(block)
        break
      case 'stall':
        delivery.produced(count, 'stalled')
        outlet.stall(block)
        break
      case 'error':
        delivery.produced(count, 'error')
        outlet.end([...block, delivery.errorFrame(count)])
        break
      case 'garbage':
        delivery.produced(count, 'error')
        outlet.endBroken(block)
    }
  }

  const pump = () => {
    timer = undefined
    if (over) return
    const due = gapMs === 0 ? count : Math.min(count, 1 + Math.floor((performance.now() - startedAt) / gapMs))
    const block: ByteString[] = []
    let length = 0
    while (written < due && length < blockLength) {
      const bytes = frames[written]?.bytes ?? ''
      block.push(bytes)
      length += bytes.length
      written += 1
    }
    if (written >= count) {
      finish(block)
      return
    }
    if (!outlet.write(block)) outlet.onceDrained(pump)
    else if (gapMs === 0) pump()
    else timer = setTimeout(pump, Math.max(0, startedAt + written * gapMs - performance.now()))
  }
  pump()
}

/** A fault set beyond the last chunk never comes about. */
function howItEnds(fault: Fault, frames: number): { count: number; ending: Ending } {
  const endings: [Ending, number | undefined][] = [
    ['cut', fault.cutAfterChunks],
    ['stall', fault.stallAfterChunks],
    ['error', fault.errorAfterChunks],
    ['garbage', fault.garbageAfterChunks],
  ]
  for (const [ending, after] of endings) {
    if (after !== undefined && after < frames) return { count: after, ending }
  }
  return { count: frames, ending: 'complete' }
}
