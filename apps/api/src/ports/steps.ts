/**
 * The named steps of a request at which a process may die. Tests and operators who rehearse a crash set
 * `TOLLGATE_CRASH_AT`; otherwise reaching a step does nothing.
 */
export const requestSteps = [
  'before-dispatch',
  'after-dispatch',
  'mid-stream',
  'before-settlement',
  'before-drain',
  'mid-drain',
] as const

export type RequestStep = (typeof requestSteps)[number]

export interface Steps {
  reached(step: RequestStep): void
}

export const noSteps: Steps = { reached() {} }
