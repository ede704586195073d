import { useQueryClient } from '@tanstack/react-query'
import { Ellipsis, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Model } from '../../../shared/api/types.ts'
import { usePermissions } from '../../../shared/session/session.ts'
import { Badge } from '../../../shared/ui/badge.tsx'
import { Button } from '../../../shared/ui/button.tsx'
import { ConfirmDialog } from '../../../shared/ui/confirm-dialog.tsx'
import { CopyButton } from '../../../shared/ui/copy-button.tsx'
import { Menu, MenuContent, MenuItem, MenuTrigger } from '../../../shared/ui/menu.tsx'
import { Table, Td, Th, Tr } from '../../../shared/ui/table.tsx'
import { deleteModel } from '../api/models.ts'
import { isPolicy } from '../policies.ts'
import { OfferingLine } from './offering-line.tsx'

/** What clients may send as `model`, who serves it, at which price, and whether it is free right now. */
export function ModelList(props: { models: readonly Model[]; onEdit: (model: Model) => void }) {
  const { t } = useTranslation()
  const { administer } = usePermissions()
  return (
    <Table>
      <thead>
        <tr>
          <Th>{t('model.name')}</Th>
          <Th>{t('model.policy')}</Th>
          <Th>{t('model.offerings')}</Th>
          {administer && <Th />}
        </tr>
      </thead>
      <tbody>
        {props.models.map((model) => (
          <Tr key={model.model}>
            <Td className="min-w-44 align-top">
              <span className="flex items-center gap-0.5">
                <span className="font-medium break-all">{model.model}</span>
                <CopyButton text={model.model} className="-my-1.5 size-7 text-muted-foreground" />
              </span>
            </Td>
            <Td className="align-top whitespace-nowrap">
              <span className="flex flex-wrap items-center gap-1">
                <span className="text-muted-foreground">
                  {isPolicy(model.policy) ? t(`model.policies.${model.policy}`) : model.policy}
                </span>
                {model.origin !== 'implicit' && <Badge tone="accent">{t('model.route')}</Badge>}
                {model.origin === 'yaml' && <Badge tone="outline">tollgate.yaml</Badge>}
                {!model.enabled && <Badge>{t('account.disabled')}</Badge>}
              </span>
            </Td>
            <Td className="min-w-72">
              <ul className="grid gap-1.5">
                {model.offerings.map((offering) => (
                  <OfferingLine key={offering.offering} offering={offering} />
                ))}
              </ul>
            </Td>
            {administer && (
              <Td className="text-right align-top">
                <ModelMenu model={model} onEdit={() => props.onEdit(model)} />
              </Td>
            )}
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}

function ModelMenu({ model, onEdit }: { model: Model; onEdit: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [deleting, setDeleting] = useState(false)
  if (model.origin === 'yaml') return null
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button
            variant="ghost"
            size="icon"
            className="-my-1.5"
            aria-label={t('model.actions', { name: model.model })}
          >
            <Ellipsis />
          </Button>
        </MenuTrigger>
        <MenuContent align="end">
          <MenuItem onSelect={onEdit}>
            <Pencil />
            {t(model.origin === 'implicit' ? 'model.makeRoute' : 'common.edit')}
          </MenuItem>
          {model.origin === 'api' && (
            <MenuItem danger onSelect={() => setDeleting(true)}>
              <Trash2 />
              {t('common.delete')}
            </MenuItem>
          )}
        </MenuContent>
      </Menu>
      <ConfirmDialog
        open={deleting}
        onOpenChange={setDeleting}
        title={t('model.deleteTitle', { name: model.model })}
        action={t('common.delete')}
        onConfirm={async () => {
          await deleteModel(model.model)
          await client.invalidateQueries({ queryKey: ['models'] })
        }}
      >
        {t('model.deleteText')}
      </ConfirmDialog>
    </>
  )
}
