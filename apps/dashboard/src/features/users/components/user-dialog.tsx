import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldErrors } from '../../../shared/api/api-error.ts'
import type { Role, User } from '../../../shared/api/types.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { Dialog, DialogFooter } from '../../../shared/ui/dialog.tsx'
import { ErrorText } from '../../../shared/ui/error-text.tsx'
import { Field } from '../../../shared/ui/field.tsx'
import { Input, Select } from '../../../shared/ui/input.tsx'
import { showToast } from '../../../shared/ui/toast.tsx'
import { createUser, updateUser } from '../api/users.ts'

const roles: readonly Role[] = ['owner', 'admin', 'manager', 'viewer']

/** Somebody who may sign in. There is no mail: the first password is handed over by hand. */
export function UserDialog(props: { user?: User; teams: readonly string[]; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { user } = props
  const [values, setValues] = useState({
    name: user?.name ?? '',
    email: user?.email ?? '',
    role: user?.role ?? 'viewer',
    team: user?.team ?? '',
    password: '',
  })
  const change = (part: Partial<typeof values>) => setValues((before) => ({ ...before, ...part }))
  const bound = values.role === 'manager' || values.role === 'viewer'
  const team = bound && values.team !== '' ? values.team : null
  const save = useMutation({
    mutationFn: () => {
      const common = { name: values.name.trim(), role: values.role, team }
      return user === undefined
        ? createUser({ ...common, email: values.email.trim(), password: values.password })
        : updateUser(user.id, {
            ...common,
            ...(values.password === '' ? {} : { password: values.password }),
          })
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['users'] })
      showToast(t('common.saved'))
      props.onClose()
    },
  })
  const errors = fieldErrors(save.error)
  return (
    <Dialog
      open
      onOpenChange={props.onClose}
      title={user === undefined ? t('user.add') : t('user.editOf', { name: user.name })}
      description={t('user.dialogText')}
    >
      <form
        className="grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Field label={t('session.name')} error={errors.get('name')}>
          <Input required value={values.name} onChange={(event) => change({ name: event.target.value })} />
        </Field>
        <Field label={t('session.email')} error={errors.get('email')}>
          <Input
            type="email"
            required
            disabled={user !== undefined}
            value={values.email}
            onChange={(event) => change({ email: event.target.value })}
          />
        </Field>
        <Field label={t('user.role')} hint={t(`user.roleHint.${values.role}`)}>
          <Select
            value={values.role}
            onChange={(event) =>
              change({ role: roles.find((role) => role === event.target.value) ?? 'viewer' })
            }
          >
            {roles.map((role) => (
              <option key={role} value={role}>
                {t(`role.${role}`)}
              </option>
            ))}
          </Select>
        </Field>
        {bound && (
          <Field label={t('key.team')} error={errors.get('team')}>
            <Select
              required={values.role === 'manager'}
              value={values.team}
              onChange={(event) => change({ team: event.target.value })}
            >
              <option value="">{t(values.role === 'manager' ? 'user.chooseTeam' : 'user.allTeams')}</option>
              {props.teams.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          </Field>
        )}
        <Field
          label={t(user === undefined ? 'user.firstPassword' : 'user.newPassword')}
          {...(user === undefined ? {} : { optional: t('common.optional') })}
          hint={t('session.passwordHint', { count: 10 })}
          error={errors.get('password')}
          className="sm:col-span-2"
        >
          <Input
            type="password"
            autoComplete="new-password"
            minLength={10}
            required={user === undefined}
            value={values.password}
            onChange={(event) => change({ password: event.target.value })}
          />
        </Field>
        <ErrorText error={save.error} className="sm:col-span-2" />
        <DialogFooter className="mt-1 sm:col-span-2">
          <Button onClick={props.onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" busy={save.isPending}>
            {t('common.save')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
