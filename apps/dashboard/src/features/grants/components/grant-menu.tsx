import { useQueryClient } from '@tanstack/react-query'
import { Ellipsis, History, Pencil, Scale, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Grant } from '../../../shared/api/types.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { ConfirmDialog } from '../../../shared/ui/confirm-dialog.tsx'
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '../../../shared/ui/menu.tsx'
import { deleteGrant } from '../api/grants.ts'
import { GrantAdjustDialog } from './grant-adjust-dialog.tsx'
import { GrantFormDialog } from './grant-form-dialog.tsx'
import { GrantHistoryDialog } from './grant-history-dialog.tsx'

/** Adjust, edit, history, delete. What `tollgate.yaml` says is changed there. */
export function GrantMenu({ grant }: { grant: Grant }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [open, setOpen] = useState<'adjust' | 'edit' | 'history' | 'delete'>()
  const close = () => setOpen(undefined)
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button
            variant="ghost"
            size="icon"
            className="-my-1.5 -mr-1.5"
            aria-label={t('grant.actions', { name: grant.name })}
          >
            <Ellipsis />
          </Button>
        </MenuTrigger>
        <MenuContent align="end">
          <MenuItem onSelect={() => setOpen('adjust')}>
            <Scale />
            {t('grant.adjust')}
          </MenuItem>
          <MenuItem onSelect={() => setOpen('history')}>
            <History />
            {t('grant.history')}
          </MenuItem>
          {grant.origin === 'api' && (
            <>
              <MenuItem onSelect={() => setOpen('edit')}>
                <Pencil />
                {t('common.edit')}
              </MenuItem>
              <MenuSeparator />
              <MenuItem danger onSelect={() => setOpen('delete')}>
                <Trash2 />
                {t('common.delete')}
              </MenuItem>
            </>
          )}
        </MenuContent>
      </Menu>
      {open === 'adjust' && <GrantAdjustDialog grant={grant} onClose={close} />}
      {open === 'edit' && <GrantFormDialog account={grant.account} grant={grant} onClose={close} />}
      {open === 'history' && <GrantHistoryDialog grant={grant} onClose={close} />}
      <ConfirmDialog
        open={open === 'delete'}
        onOpenChange={close}
        title={t('grant.deleteTitle', { name: grant.name })}
        action={t('common.delete')}
        onConfirm={async () => {
          await deleteGrant(grant.id)
          await client.invalidateQueries({ queryKey: ['grants'] })
        }}
      >
        {t('grant.deleteText')}
      </ConfirmDialog>
    </>
  )
}
