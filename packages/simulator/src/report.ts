/** Tells of a failure of the simulator itself, which must not look like one of a provider. */
export function report(error: unknown): void {
  process.stderr.write(`simulator: ${error instanceof Error ? String(error.stack) : String(error)}\n`)
}
