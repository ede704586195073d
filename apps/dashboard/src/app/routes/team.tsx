import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Ellipsis, Power, Trash2, Unplug } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { deleteTeam, teamQuery, updateTeam } from '../../features/teams/api/teams.ts'
import { MemberList } from '../../features/teams/components/member-list.tsx'
import { QuotaList } from '../../features/teams/components/quota-list.tsx'
import { TeamOutageDialog } from '../../features/teams/components/team-outage-dialog.tsx'
import { TeamUsage } from '../../features/teams/components/team-usage.tsx'
import type { Team } from '../../shared/api/types.ts'
import { errorMessage } from '../../shared/i18n/error-message.ts'
import { usePermissions } from '../../shared/session/session.ts'
import { Badge } from '../../shared/ui/badge.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card, PageHeader } from '../../shared/ui/card.tsx'
import { ConfirmDialog } from '../../shared/ui/confirm-dialog.tsx'
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '../../shared/ui/menu.tsx'
import { Tab, TabList, TabPanel, Tabs } from '../../shared/ui/tabs.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { LoadError, PagePending } from '../shell/page-states.tsx'
import { BackLink } from '../shell/back-link.tsx'
import { TeamKeys } from './team-keys.tsx'

const route = getRouteApi('/shell/teams/$name')
const tabs = ['quotas', 'keys', 'members', 'usage'] as const

export function TeamPage() {
  const { t } = useTranslation()
  const { name } = route.useParams()
  const { tab = 'quotas' } = route.useSearch()
  const navigate = route.useNavigate()
  const { administer, manageTeam } = usePermissions()
  // Settled and held move with every request.
  const query = useQuery({ ...teamQuery(name), refetchInterval: 2_000 })
  if (query.isPending) return <PagePending />
  if (query.data === undefined) return <LoadError error={query.error} onRetry={() => void query.refetch()} />
  const team = query.data
  const editable = manageTeam(team.id)
  return (
    <>
      <BackLink to="/teams" label={t('nav.teams')} />
      <PageHeader
        name={team.name}
        title={
          <span className="flex flex-wrap items-center gap-2.5">
            {team.name}
            {!team.enabled && <Badge>{t('account.disabled')}</Badge>}
            {team.onCountersDown === 'allow' && (
              <Badge tone="outline" title={t('team.onCountersDownHint.allow')}>
                {t('team.uncounted')}
              </Badge>
            )}
            {team.origin === 'yaml' && <Badge tone="outline">tollgate.yaml</Badge>}
          </span>
        }
        description={
          team.models.includes('*')
            ? t('team.allModels')
            : t('team.someModels', { models: team.models.join(', ') })
        }
        actions={administer && team.origin === 'api' && <TeamMenu team={team} />}
      />
      <Tabs
        value={tab}
        onValueChange={(value) =>
          void navigate({ search: { tab: tabs.find((each) => each === value) ?? 'quotas' }, replace: true })
        }
      >
        <TabList className="mb-4">
          <Tab value="quotas">{t('quota.title')}</Tab>
          <Tab value="keys" data-testid="tab-keys">
            {t('key.tab', { count: team.keyCount })}
          </Tab>
          <Tab value="members">{t('member.tab', { count: team.memberCount })}</Tab>
          <Tab value="usage">{t('team.usage')}</Tab>
        </TabList>
        <Card>
          <TabPanel value="quotas">
            <QuotaList team={team} editable={editable} />
          </TabPanel>
          <TabPanel value="keys">
            <TeamKeys team={team} editable={editable} />
          </TabPanel>
          <TabPanel value="members">
            <MemberList team={team.name} editable={editable} />
          </TabPanel>
          <TabPanel value="usage">
            <TeamUsage team={team.name} />
          </TabPanel>
        </Card>
      </Tabs>
    </>
  )
}

function TeamMenu({ team }: { team: Team }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [deleting, setDeleting] = useState(false)
  const [settingOutage, setSettingOutage] = useState(false)
  const toggle = useMutation({
    mutationFn: () => updateTeam(team.name, { enabled: !team.enabled }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['teams'] }),
    onError: (error) => showToast(errorMessage(error, t), 'danger'),
  })
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button size="icon" aria-label={t('team.actions')}>
            <Ellipsis />
          </Button>
        </MenuTrigger>
        <MenuContent align="end">
          <MenuItem onSelect={() => setSettingOutage(true)}>
            <Unplug />
            {t('team.outage')}
          </MenuItem>
          <MenuItem onSelect={() => toggle.mutate()}>
            <Power />
            {t(team.enabled ? 'account.disable' : 'account.enable')}
          </MenuItem>
          <MenuSeparator />
          <MenuItem danger onSelect={() => setDeleting(true)}>
            <Trash2 />
            {t('common.delete')}
          </MenuItem>
        </MenuContent>
      </Menu>
      {settingOutage && <TeamOutageDialog team={team} onClose={() => setSettingOutage(false)} />}
      <ConfirmDialog
        open={deleting}
        onOpenChange={setDeleting}
        title={t('team.deleteTitle', { name: team.name })}
        action={t('common.delete')}
        onConfirm={async () => {
          await deleteTeam(team.name)
          await navigate({ to: '/teams' })
          client.removeQueries({ queryKey: ['teams', team.name] })
          await client.invalidateQueries({ queryKey: ['teams'] })
          await client.invalidateQueries({ queryKey: ['keys'] })
        }}
      >
        {t('team.deleteText')}
      </ConfirmDialog>
    </>
  )
}
