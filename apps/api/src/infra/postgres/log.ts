/** What the embedded database says goes here; every common logger fits. */
export interface Log {
  info(message: string): void
  warn(message: string): void
  error(message: string): void
}
