import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Ellipsis, Power, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { accountQuery, deleteAccount, updateAccount } from '../../features/accounts/api/accounts.ts'
import { AccountState } from '../../features/accounts/components/account-state.tsx'
import { AccountTestButton } from '../../features/accounts/components/account-test-button.tsx'
import { ConnectionSettings } from '../../features/accounts/components/connection-settings.tsx'
import { ModelTable } from '../../features/accounts/components/model-table.tsx'
import { GrantList } from '../../features/grants/components/grant-list.tsx'
import type { Account } from '../../shared/api/types.ts'
import { errorMessage } from '../../shared/i18n/error-message.ts'
import { ProviderMark } from '../../shared/providers/provider-mark.tsx'
import { providerName } from '../../shared/providers/providers.ts'
import { usePermissions } from '../../shared/session/session.ts'
import { Badge } from '../../shared/ui/badge.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Callout } from '../../shared/ui/callout.tsx'
import { Card, PageHeader } from '../../shared/ui/card.tsx'
import { ConfirmDialog } from '../../shared/ui/confirm-dialog.tsx'
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '../../shared/ui/menu.tsx'
import { Tab, TabList, TabPanel, Tabs } from '../../shared/ui/tabs.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { BackLink } from '../shell/back-link.tsx'
import { LoadError, PagePending } from '../shell/page-states.tsx'

const route = getRouteApi('/shell/providers/$name')
const tabs = ['grants', 'models', 'connection'] as const

export function ProviderPage() {
  const { t, i18n } = useTranslation()
  const { name } = route.useParams()
  const { tab = 'grants' } = route.useSearch()
  const navigate = route.useNavigate()
  const { administer } = usePermissions()
  const query = useQuery(accountQuery(name))
  if (query.isPending) return <PagePending />
  if (query.isError) return <LoadError error={query.error} onRetry={() => void query.refetch()} />
  const account = query.data
  return (
    <>
      <BackLink to="/providers" label={t('nav.providers')} />
      <PageHeader
        name={account.name}
        title={
          <span className="flex flex-wrap items-center gap-2.5">
            <ProviderMark provider={account.provider} className="size-8 text-sm" />
            {account.name}
            <AccountState account={account} />
            {account.origin === 'yaml' && <Badge tone="outline">tollgate.yaml</Badge>}
          </span>
        }
        description={`${providerName(account.provider, i18n.language)} · ${account.protocol}`}
        actions={
          administer && (
            <>
              <AccountTestButton name={account.name} />
              <AccountMenu account={account} />
            </>
          )
        }
      />
      {account.state !== 'ok' && account.stateMessage !== null && (
        <Callout tone="danger" icon={Power} title={t(`account.state.${account.state}`)} className="mb-4">
          {account.stateMessage}
        </Callout>
      )}
      <Tabs
        value={tab}
        onValueChange={(value) =>
          void navigate({ search: { tab: tabs.find((each) => each === value) ?? 'grants' }, replace: true })
        }
      >
        <TabList className="mb-4">
          <Tab value="grants">{t('grant.title')}</Tab>
          <Tab value="models">{t('account.modelsTab', { count: account.models.length })}</Tab>
          <Tab value="connection">{t('account.connection')}</Tab>
        </TabList>
        <Card>
          <TabPanel value="grants">
            <GrantList account={account} />
          </TabPanel>
          <TabPanel value="models">
            <ModelTable account={account} />
          </TabPanel>
          <TabPanel value="connection">
            <ConnectionSettings account={account} />
          </TabPanel>
        </Card>
      </Tabs>
    </>
  )
}

function AccountMenu({ account }: { account: Account }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [deleting, setDeleting] = useState(false)
  const toggle = useMutation({
    mutationFn: () => updateAccount(account.name, { enabled: !account.enabled }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['accounts'] }),
    onError: (error) => showToast(errorMessage(error, t), 'danger'),
  })
  if (account.origin === 'yaml') return null
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button size="icon" aria-label={t('account.actions')}>
            <Ellipsis />
          </Button>
        </MenuTrigger>
        <MenuContent align="end">
          <MenuItem onSelect={() => toggle.mutate()}>
            <Power />
            {t(account.enabled ? 'account.disable' : 'account.enable')}
          </MenuItem>
          <MenuSeparator />
          <MenuItem danger onSelect={() => setDeleting(true)}>
            <Trash2 />
            {t('common.delete')}
          </MenuItem>
        </MenuContent>
      </Menu>
      <ConfirmDialog
        open={deleting}
        onOpenChange={setDeleting}
        title={t('account.deleteTitle', { name: account.name })}
        action={t('common.delete')}
        onConfirm={async () => {
          await deleteAccount(account.name)
          await navigate({ to: '/providers' })
          client.removeQueries({ queryKey: ['accounts', account.name] })
          await client.invalidateQueries({ queryKey: ['accounts'] })
        }}
      >
        {t('account.deleteText')}
      </ConfirmDialog>
    </>
  )
}
