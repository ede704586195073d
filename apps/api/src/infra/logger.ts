import { pino, type Logger as Pino } from 'pino'
import pretty from 'pino-pretty'

/** JSON lines; for a person at a terminal, lines to read. What could open anything is never written. */
export function createLogger(options: { readonly level: string; readonly terminal: boolean }): Pino {
  const settings = {
    level: options.level,
    redact: {
      paths: [
        'authorization',
        'cookie',
        '*.authorization',
        '*.cookie',
        'credentials',
        '*.credentials',
        'password',
        '*.password',
        'secret',
        '*.secret',
        'headers["set-cookie"]',
      ],
      censor: '[redacted]',
    },
  }
  return options.terminal
    ? pino(
        settings,
        pretty({ ignore: 'pid,hostname', translateTime: 'HH:MM:ss', singleLine: true, sync: true }),
      )
    : pino(settings)
}
