/** The part of pino that is used here. Secrets are redacted by its configuration; still, never pass one. */
export interface Logger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
