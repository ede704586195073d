import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Trash2, UserPlus, Users } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../shared/format/use-format.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { CardHeader } from '../../../shared/ui/card.tsx'
import { ConfirmDialog } from '../../../shared/ui/confirm-dialog.tsx'
import { Dialog, DialogFooter } from '../../../shared/ui/dialog.tsx'
import { ErrorText } from '../../../shared/ui/error-text.tsx'
import { Field } from '../../../shared/ui/field.tsx'
import { Input } from '../../../shared/ui/input.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../../shared/ui/states.tsx'
import { Table, Td, Th, Tr } from '../../../shared/ui/table.tsx'
import { createMember, deleteMember, membersQuery } from '../api/teams.ts'

/** People of a team: names that keys and quotas are given to. They do not sign in here. */
export function MemberList({ team, editable }: { team: string; editable: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const client = useQueryClient()
  const members = useQuery(membersQuery(team))
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<string>()
  const add = editable && (
    <Button size="sm" onClick={() => setAdding(true)}>
      <UserPlus />
      {t('member.add')}
    </Button>
  )
  return (
    <>
      <CardHeader
        title={t('member.title')}
        description={t('member.listText')}
        actions={add}
        className="border-b"
      />
      {members.isPending && <SkeletonRows rows={3} />}
      {members.isError && <ErrorState error={members.error} onRetry={() => void members.refetch()} />}
      {members.data?.length === 0 && <EmptyState icon={Users} title={t('member.noneTitle')} action={add} />}
      {members.data !== undefined && members.data.length > 0 && (
        <Table>
          <thead>
            <tr>
              <Th>{t('member.name')}</Th>
              <Th>{t('session.email')}</Th>
              <Th>{t('common.added')}</Th>
              {editable && <Th />}
            </tr>
          </thead>
          <tbody>
            {members.data.map((member) => (
              <Tr key={member.id}>
                <Td className="font-medium">{member.name}</Td>
                <Td className="text-muted-foreground">{member.email ?? '—'}</Td>
                <Td className="whitespace-nowrap text-muted-foreground">{format.date(member.createdAt)}</Td>
                {editable && (
                  <Td className="text-right">
                    <Button
                      variant="ghost"
                      size="icon"
                      aria-label={t('member.remove', { name: member.name })}
                      onClick={() => setRemoving(member.name)}
                    >
                      <Trash2 />
                    </Button>
                  </Td>
                )}
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      {adding && <MemberDialog team={team} onClose={() => setAdding(false)} />}
      <ConfirmDialog
        open={removing !== undefined}
        onOpenChange={() => setRemoving(undefined)}
        title={t('member.remove', { name: removing ?? '' })}
        action={t('common.remove')}
        onConfirm={async () => {
          await deleteMember(team, removing ?? '')
          await client.invalidateQueries({ queryKey: ['teams'] })
        }}
      >
        {t('member.removeText')}
      </ConfirmDialog>
    </>
  )
}

function MemberDialog({ team, onClose }: { team: string; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const save = useMutation({
    mutationFn: () =>
      createMember(team, { name: name.trim(), ...(email.trim() === '' ? {} : { email: email.trim() }) }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['teams'] })
      onClose()
    },
  })
  return (
    <Dialog open onOpenChange={onClose} title={t('member.add')} className="max-w-md">
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Field label={t('member.name')}>
          <Input autoFocus required value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label={t('session.email')} optional={t('common.optional')}>
          <Input type="email" value={email} onChange={(event) => setEmail(event.target.value)} />
        </Field>
        <ErrorText error={save.error} />
        <DialogFooter className="mt-1">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" busy={save.isPending} disabled={name.trim() === ''}>
            {t('common.save')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
