import type { TFunction } from 'i18next'
import { ApiError } from '../api/api-error.ts'

const known = [
  'unreachable',
  'unauthorized',
  'forbidden',
  'not_found',
  'rate_limited',
  'unavailable',
  'invalid_email_or_password',
  'invalid_password',
] as const

/**
 * What to tell a person. Codes that say it all have words of ours in both languages; for the others the service's
 * own message (English) is more exact than anything general.
 */
export function errorMessage(error: unknown, t: TFunction): string {
  if (!(error instanceof ApiError)) return t('error.unexpected')
  const code = known.find((each) => each === error.code)
  const general = code === undefined ? undefined : t(`error.${code}`)
  if (error.details.length > 0) {
    return error.details
      .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
      .join('; ')
  }
  if (general !== undefined && (error.message === '' || code?.startsWith('invalid_'))) return general
  if (general !== undefined) return `${general} ${error.message}`
  return error.message === '' ? t('error.unexpected') : error.message
}
