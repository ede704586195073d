import { useQueryClient } from '@tanstack/react-query'
import { Ellipsis, Gauge, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Quota, Team } from '../../../shared/api/types.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { CardHeader } from '../../../shared/ui/card.tsx'
import { ConfirmDialog } from '../../../shared/ui/confirm-dialog.tsx'
import { Menu, MenuContent, MenuItem, MenuTrigger } from '../../../shared/ui/menu.tsx'
import { EmptyState } from '../../../shared/ui/states.tsx'
import { deleteQuota } from '../api/teams.ts'
import { QuotaBar } from './quota-bar.tsx'
import { QuotaDialog } from './quota-dialog.tsx'

/** The limits of a team, its members and its keys. */
export function QuotaList({ team, editable }: { team: Team; editable: boolean }) {
  const { t } = useTranslation()
  const [adding, setAdding] = useState(false)
  const add = editable && (
    <Button size="sm" onClick={() => setAdding(true)} data-testid="quota-add">
      <Plus />
      {t('quota.add')}
    </Button>
  )
  return (
    <>
      <CardHeader
        title={t('quota.title')}
        description={t('quota.listText')}
        actions={add}
        className="border-b"
      />
      {team.quotas.length === 0 ? (
        <EmptyState icon={Gauge} title={t('quota.noneTitle')} action={add}>
          {t('quota.noneWarning')}
        </EmptyState>
      ) : (
        <ul className="divide-y">
          {team.quotas.map((quota) => (
            <li key={quota.id} className="px-4 py-3.5 sm:px-5">
              <QuotaBar
                quota={quota}
                actions={editable && quota.origin === 'api' && <QuotaMenu team={team.name} quota={quota} />}
              />
            </li>
          ))}
        </ul>
      )}
      {adding && <QuotaDialog team={team.name} onClose={() => setAdding(false)} />}
    </>
  )
}

function QuotaMenu({ team, quota }: { team: string; quota: Quota }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [open, setOpen] = useState<'edit' | 'delete'>()
  const close = () => setOpen(undefined)
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button variant="ghost" size="icon" className="-my-1.5 -mr-1.5" aria-label={t('quota.actions')}>
            <Ellipsis />
          </Button>
        </MenuTrigger>
        <MenuContent align="end">
          <MenuItem onSelect={() => setOpen('edit')}>
            <Pencil />
            {t('common.edit')}
          </MenuItem>
          <MenuItem danger onSelect={() => setOpen('delete')}>
            <Trash2 />
            {t('common.delete')}
          </MenuItem>
        </MenuContent>
      </Menu>
      {open === 'edit' && <QuotaDialog team={team} quota={quota} onClose={close} />}
      <ConfirmDialog
        open={open === 'delete'}
        onOpenChange={close}
        title={t('quota.deleteTitle')}
        action={t('common.delete')}
        onConfirm={async () => {
          await deleteQuota(quota.id)
          await client.invalidateQueries({ queryKey: ['teams'] })
        }}
      >
        {t('quota.deleteText')}
      </ConfirmDialog>
    </>
  )
}
