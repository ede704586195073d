import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EntryFrame } from '../../features/session/components/entry-frame.tsx'
import { SetupForm } from '../../features/session/components/setup-form.tsx'

const route = getRouteApi('/setup')

export function SetupPage() {
  const { t } = useTranslation()
  const { token } = route.useSearch()
  const navigate = useNavigate()
  const client = useQueryClient()
  return (
    <EntryFrame title={t('session.setupTitle')}>
      <SetupForm
        token={token}
        onCreated={() => {
          client.clear()
          void navigate({ to: '/welcome' })
        }}
      />
    </EntryFrame>
  )
}
