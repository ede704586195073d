import { useTranslation } from 'react-i18next'
import { useMe } from './session.ts'

/** Who made an entry, in words. Of other people only the id is known to everybody. */
export function useActorName(): (actor: string) => string {
  const { t } = useTranslation()
  const { user } = useMe()
  return (actor) => {
    if (actor === 'system') return 'Tollgate'
    if (actor === 'yaml') return 'tollgate.yaml'
    if (actor === 'admin-key') return t('common.adminKey')
    return actor === `user:${user.id}` ? user.name : actor
  }
}
