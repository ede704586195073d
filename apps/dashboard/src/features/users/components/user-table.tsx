import { useQueryClient } from '@tanstack/react-query'
import { Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { User } from '../../../shared/api/types.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { useMe } from '../../../shared/session/session.ts'
import { Badge } from '../../../shared/ui/badge.tsx'
import { Button } from '../../../shared/ui/button.tsx'
import { ConfirmDialog } from '../../../shared/ui/confirm-dialog.tsx'
import { Table, Td, Th, Tr } from '../../../shared/ui/table.tsx'
import { deleteUser } from '../api/users.ts'

export function UserTable({ users, onEdit }: { users: readonly User[]; onEdit: (user: User) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const client = useQueryClient()
  const me = useMe().user
  const [deleting, setDeleting] = useState<User>()
  // Only an owner touches owners.
  const mayEdit = (user: User) => user.role !== 'owner' || me.role === 'owner'
  return (
    <>
      <Table>
        <thead>
          <tr>
            <Th>{t('session.name')}</Th>
            <Th>{t('session.email')}</Th>
            <Th>{t('user.role')}</Th>
            <Th>{t('key.team')}</Th>
            <Th>{t('common.added')}</Th>
            <Th />
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <Tr key={user.id}>
              <Td className="font-medium whitespace-nowrap">
                {user.name} {user.id === me.id && <Badge tone="accent">{t('user.you')}</Badge>}
              </Td>
              <Td className="text-muted-foreground">{user.email}</Td>
              <Td className="whitespace-nowrap">{t(`role.${user.role}`)}</Td>
              <Td className="text-muted-foreground">{user.team ?? '—'}</Td>
              <Td className="whitespace-nowrap text-muted-foreground">{format.date(user.createdAt)}</Td>
              <Td className="text-right whitespace-nowrap">
                {mayEdit(user) && (
                  <Button
                    variant="ghost"
                    size="icon"
                    className="-my-1"
                    aria-label={t('user.editOf', { name: user.name })}
                    onClick={() => onEdit(user)}
                  >
                    <Pencil />
                  </Button>
                )}
                {mayEdit(user) && user.id !== me.id && (
                  <Button
                    variant="ghost"
                    size="icon"
                    className="-my-1"
                    aria-label={t('member.remove', { name: user.name })}
                    onClick={() => setDeleting(user)}
                  >
                    <Trash2 />
                  </Button>
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      <ConfirmDialog
        open={deleting !== undefined}
        onOpenChange={() => setDeleting(undefined)}
        title={t('member.remove', { name: deleting?.name ?? '' })}
        action={t('common.remove')}
        onConfirm={async () => {
          if (deleting !== undefined) await deleteUser(deleting.id)
          await client.invalidateQueries({ queryKey: ['users'] })
        }}
      >
        {t('user.removeText')}
      </ConfirmDialog>
    </>
  )
}
