import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { teamsQuery } from '../../features/teams/api/teams.ts'
import { usersQuery } from '../../features/users/api/users.ts'
import { AuditList } from '../../features/users/components/audit-list.tsx'
import { UserDialog } from '../../features/users/components/user-dialog.tsx'
import { UserTable } from '../../features/users/components/user-table.tsx'
import type { User } from '../../shared/api/types.ts'
import { usePermissions } from '../../shared/session/session.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Card, PageHeader } from '../../shared/ui/card.tsx'
import { ErrorState, SkeletonRows } from '../../shared/ui/states.tsx'
import { Tab, TabList, TabPanel, Tabs } from '../../shared/ui/tabs.tsx'
import { NotFoundPage } from '../shell/page-states.tsx'

const route = getRouteApi('/shell/people')

/** Who may sign in, and what they changed. */
export function PeoplePage() {
  const { t } = useTranslation()
  const { administer } = usePermissions()
  const { tab = 'users' } = route.useSearch()
  const navigate = route.useNavigate()
  const users = useQuery({ ...usersQuery, enabled: administer })
  const teams = useQuery(teamsQuery)
  const [editing, setEditing] = useState<User | 'new'>()
  if (!administer) return <NotFoundPage />
  return (
    <>
      <PageHeader
        name={t('nav.people')}
        description={t('user.pageText')}
        actions={
          <Button variant="primary" onClick={() => setEditing('new')}>
            <UserPlus />
            {t('user.add')}
          </Button>
        }
      />
      <Tabs
        value={tab}
        onValueChange={(value) =>
          void navigate({ search: { tab: value === 'audit' ? 'audit' : 'users' }, replace: true })
        }
      >
        <TabList className="mb-4">
          <Tab value="users">{t('user.tab')}</Tab>
          <Tab value="audit">{t('audit.tab')}</Tab>
        </TabList>
        <Card>
          <TabPanel value="users">
            {users.isPending && <SkeletonRows rows={4} />}
            {users.isError && <ErrorState error={users.error} onRetry={() => void users.refetch()} />}
            {users.data !== undefined && <UserTable users={users.data} onEdit={setEditing} />}
          </TabPanel>
          <TabPanel value="audit">
            <AuditList users={users.data ?? []} />
          </TabPanel>
        </Card>
      </Tabs>
      {editing !== undefined && (
        <UserDialog
          {...(editing === 'new' ? {} : { user: editing })}
          teams={teams.data?.map(({ name }) => name) ?? []}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  )
}
