import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EntryFrame } from '../../features/session/components/entry-frame.tsx'
import { SignInForm } from '../../features/session/components/sign-in-form.tsx'

const route = getRouteApi('/sign-in')

export function SignInPage() {
  const { t } = useTranslation()
  const { next } = route.useSearch()
  const router = useRouter()
  const client = useQueryClient()
  return (
    <EntryFrame title={t('session.signInTitle')}>
      <SignInForm
        onSignedIn={() => {
          client.clear()
          // Only a path of our own: `next` comes from the address bar.
          router.history.push(next?.startsWith('/') === true && !next.startsWith('//') ? next : '/')
        }}
      />
    </EntryFrame>
  )
}
