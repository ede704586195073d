import type { Steps } from '../ports/steps.ts'
import type { CrashAt } from './config/environment.ts'

/** Kills the process, as `kill -9` would, when it reaches the step for the given time. */
export function crashAt({ step, count }: CrashAt): Steps {
  let left = count
  return {
    reached(reached) {
      if (reached !== step) return
      left -= 1
      if (left === 0) process.kill(process.pid, 'SIGKILL')
    },
  }
}
