import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Plus, Search, Waypoints } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { accountsQuery } from '../../features/accounts/api/accounts.ts'
import { modelsQuery } from '../../features/models/api/models.ts'
import { ModelList } from '../../features/models/components/model-list.tsx'
import { RouteDialog } from '../../features/models/components/route-dialog.tsx'
import type { Model } from '../../shared/api/types.ts'
import { usePermissions } from '../../shared/session/session.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Card, PageHeader } from '../../shared/ui/card.tsx'
import { Input } from '../../shared/ui/input.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../shared/ui/states.tsx'

const route = getRouteApi('/shell/models')

export function ModelsPage() {
  const { t } = useTranslation()
  const { administer } = usePermissions()
  const { search = '' } = route.useSearch()
  const navigate = route.useNavigate()
  const models = useQuery(modelsQuery)
  const accounts = useQuery(accountsQuery)
  const [editing, setEditing] = useState<Model | 'new'>()
  const wanted = search.trim().toLowerCase()
  const shown = (models.data ?? [])
    .filter((model) =>
      [model.model, ...model.offerings.map(({ offering }) => offering)].some((text) =>
        text.toLowerCase().includes(wanted),
      ),
    )
    // Routes somebody made come first: there are few, and they are what clients are told.
    .sort(
      (a, b) =>
        Number(a.origin === 'implicit') - Number(b.origin === 'implicit') || a.model.localeCompare(b.model),
    )
  const offerings = (accounts.data ?? []).flatMap((account) =>
    account.models.filter(({ enabled }) => enabled).map((model) => `${account.name}/${model.name}`),
  )
  return (
    <>
      <PageHeader
        name={t('nav.models')}
        description={t('model.pageText')}
        actions={
          administer && (
            <Button variant="primary" onClick={() => setEditing('new')} disabled={offerings.length === 0}>
              <Plus />
              {t('model.add')}
            </Button>
          )
        }
      />
      <Card>
        <div className="relative border-b p-3 sm:px-5">
          <Search
            className="absolute top-1/2 left-6 size-4 -translate-y-1/2 text-muted-foreground sm:left-8"
            aria-hidden
          />
          <Input
            className="h-8 max-w-72 pl-9"
            placeholder={t('account.searchModels')}
            aria-label={t('account.searchModels')}
            value={search}
            onChange={(event) =>
              void navigate({
                search: event.target.value === '' ? {} : { search: event.target.value },
                replace: true,
              })
            }
          />
        </div>
        {models.isPending && <SkeletonRows rows={8} />}
        {models.isError && <ErrorState error={models.error} onRetry={() => void models.refetch()} />}
        {models.isSuccess && shown.length === 0 && (
          <EmptyState icon={Waypoints} title={wanted === '' ? t('model.noneTitle') : t('common.noMatch')}>
            {wanted === '' ? t('model.noneText') : undefined}
          </EmptyState>
        )}
        {shown.length > 0 && <ModelList models={shown} onEdit={setEditing} />}
      </Card>
      {editing !== undefined && (
        <RouteDialog
          {...(editing === 'new' ? {} : { model: editing })}
          offerings={offerings}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  )
}
