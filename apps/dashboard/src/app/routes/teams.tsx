import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Plus, Users } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { teamsQuery } from '../../features/teams/api/teams.ts'
import { TeamDialog } from '../../features/teams/components/team-dialog.tsx'
import { TeamList } from '../../features/teams/components/team-list.tsx'
import { usePermissions } from '../../shared/session/session.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Card, PageHeader } from '../../shared/ui/card.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../shared/ui/states.tsx'

export function TeamsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { administer } = usePermissions()
  const teams = useQuery({ ...teamsQuery, refetchInterval: 3_000 })
  const [adding, setAdding] = useState(false)
  const add = administer && (
    <Button variant="primary" onClick={() => setAdding(true)} data-testid="team-add">
      <Plus />
      {t('team.add')}
    </Button>
  )
  return (
    <>
      <PageHeader name={t('nav.teams')} description={t('team.pageText')} actions={add} />
      {teams.isPending && (
        <Card>
          <SkeletonRows rows={6} />
        </Card>
      )}
      {teams.isError && teams.data === undefined && (
        <Card>
          <ErrorState error={teams.error} onRetry={() => void teams.refetch()} />
        </Card>
      )}
      {teams.data?.length === 0 && (
        <Card>
          <EmptyState icon={Users} title={t('team.noneTitle')} action={add}>
            {t('team.noneText')}
          </EmptyState>
        </Card>
      )}
      {teams.data !== undefined && <TeamList teams={teams.data} />}
      {adding && (
        <TeamDialog
          onClose={() => setAdding(false)}
          onCreated={({ name }) =>
            void navigate({ to: '/teams/$name', params: { name }, search: { tab: 'keys' } })
          }
        />
      )}
    </>
  )
}
