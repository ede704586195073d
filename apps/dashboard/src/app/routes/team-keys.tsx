import { useQuery } from '@tanstack/react-query'
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keysQuery } from '../../features/keys/api/keys.ts'
import { CreateKeyDialog } from '../../features/keys/components/create-key-dialog.tsx'
import { KeyTable } from '../../features/keys/components/key-table.tsx'
import { membersQuery } from '../../features/teams/api/teams.ts'
import type { Team } from '../../shared/api/types.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CardHeader } from '../../shared/ui/card.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../shared/ui/states.tsx'
import { useSampleModel } from './use-sample-model.ts'

/** Keys of one team. */
export function TeamKeys({ team, editable }: { team: Team; editable: boolean }) {
  const { t } = useTranslation()
  const keys = useQuery(keysQuery(team.name))
  const members = useQuery({ ...membersQuery(team.name), enabled: editable })
  const model = useSampleModel()
  const [adding, setAdding] = useState(false)
  const add = editable && (
    <Button size="sm" onClick={() => setAdding(true)} data-testid="key-add">
      <Plus />
      {t('key.add')}
    </Button>
  )
  return (
    <>
      <CardHeader title={t('nav.keys')} description={t('key.listText')} actions={add} className="border-b" />
      {keys.isPending && <SkeletonRows rows={3} />}
      {keys.isError && <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.data?.length === 0 && (
        <EmptyState icon={KeyRound} title={t('key.noneTitle')} action={add}>
          {t('key.noneText')}
        </EmptyState>
      )}
      {keys.data !== undefined && keys.data.length > 0 && (
        <KeyTable keys={keys.data} showTeam={false} mayRevoke={() => editable} />
      )}
      {adding && (
        <CreateKeyDialog
          teams={[team.name]}
          members={members.data?.map(({ name }) => name) ?? []}
          model={model}
          onClose={() => setAdding(false)}
        />
      )}
    </>
  )
}
