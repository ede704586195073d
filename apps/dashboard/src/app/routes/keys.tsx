import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keysQuery } from '../../features/keys/api/keys.ts'
import { CreateKeyDialog } from '../../features/keys/components/create-key-dialog.tsx'
import { KeyTable } from '../../features/keys/components/key-table.tsx'
import { teamsQuery } from '../../features/teams/api/teams.ts'
import { usePermissions } from '../../shared/session/session.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Card, PageHeader } from '../../shared/ui/card.tsx'
import { Segmented } from '../../shared/ui/segmented.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../shared/ui/states.tsx'
import { useSampleModel } from './use-sample-model.ts'

const route = getRouteApi('/shell/keys')

export function KeysPage() {
  const { t } = useTranslation()
  const { show = 'active' } = route.useSearch()
  const navigate = route.useNavigate()
  const { manageTeam } = usePermissions()
  const keys = useQuery(keysQuery())
  const teams = useQuery(teamsQuery)
  const model = useSampleModel()
  const [adding, setAdding] = useState(false)
  const managed = teams.data?.filter(({ id }) => manageTeam(id)).map(({ name }) => name) ?? []
  const shown = keys.data?.filter(({ revokedAt }) => show === 'all' || revokedAt === null) ?? []
  const add = managed.length > 0 && (
    <Button variant="primary" onClick={() => setAdding(true)} data-testid="key-add">
      <Plus />
      {t('key.add')}
    </Button>
  )
  return (
    <>
      <PageHeader
        name={t('nav.keys')}
        description={t('key.pageText')}
        actions={
          <>
            <Segmented
              label={t('key.state')}
              value={show}
              onChange={(next) => void navigate({ search: { show: next }, replace: true })}
              segments={[
                { value: 'active', label: t('key.showActive') },
                { value: 'all', label: t('key.showAll') },
              ]}
            />
            {add}
          </>
        }
      />
      <Card>
        {keys.isPending && <SkeletonRows rows={6} />}
        {keys.isError && <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />}
        {keys.isSuccess && shown.length === 0 && (
          <EmptyState icon={KeyRound} title={t('key.noneTitle')} action={add}>
            {t('key.noneText')}
          </EmptyState>
        )}
        {shown.length > 0 && (
          <KeyTable keys={shown} showTeam mayRevoke={({ team }) => managed.includes(team)} />
        )}
      </Card>
      {adding && <CreateKeyDialog teams={managed} model={model} onClose={() => setAdding(false)} />}
    </>
  )
}
