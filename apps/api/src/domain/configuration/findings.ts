import { AdministrationError } from '../administration/error.ts'

export type FieldPath = readonly (string | number)[]

/** Something to say about a place in the configuration. */
export interface Finding {
  readonly path: FieldPath
  readonly message: string
}

/** Collects what is wrong instead of stopping at the first, so that a person mends a whole file at once. */
export class Findings {
  readonly problems: Finding[] = []
  /** True, and probably not meant so. */
  readonly warnings: Finding[] = []

  problem(path: FieldPath, message: string): void {
    this.problems.push({ path, message })
  }

  warning(path: FieldPath, message: string): void {
    this.warnings.push({ path, message })
  }

  /**
   * Runs a check of the administration. The paths in its refusal count from `path`, without their first `skip` steps.
   * `undefined`: it refused.
   */
  attempt<Value>(path: FieldPath, check: () => Value, skip = 0): Value | undefined {
    try {
      return check()
    } catch (error) {
      if (!(error instanceof AdministrationError)) throw error
      for (const detail of error.details ?? [{ path: '', message: error.message }])
        this.problem([...path, ...readPath(detail.path).slice(skip)], detail.message)
      return undefined
    }
  }

  /** Says which of these is there twice. */
  refuseTwins(path: FieldPath, names: readonly string[], what: string, field?: string): void {
    names.forEach((name, index) => {
      const first = names.indexOf(name)
      if (first !== index)
        this.problem(
          [...path, index, ...(field === undefined ? [] : [field])],
          `there is ${what} "${name}" already (number ${first + 1} of this list)`,
        )
    })
  }
}

/** `models.0.name`, as the administration writes paths. */
export function readPath(dotted: string): FieldPath {
  return dotted === '' ? [] : dotted.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step))
}

/** `accounts[0].grants[1].amount` */
export function showPath(path: FieldPath): string {
  return path.reduce<string>(
    (shown, step) =>
      typeof step === 'number' ? `${shown}[${step}]` : shown === '' ? step : `${shown}.${step}`,
    '',
  )
}
