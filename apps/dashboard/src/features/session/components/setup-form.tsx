import { useMutation } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, fieldErrors } from '../../../shared/api/api-error.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { Callout } from '../../../shared/ui/callout.tsx'
import { ErrorText } from '../../../shared/ui/error-text.tsx'
import { Field } from '../../../shared/ui/field.tsx'
import { Input } from '../../../shared/ui/input.tsx'
import { createOwner } from '../api/session.ts'

/** Shortest password the service takes. */
const passwordLengthMin = 10

/** Makes the owner. Without the token of the printed link there is nothing to fill in, only where to find it. */
export function SetupForm({ token, onCreated }: { token: string | undefined; onCreated: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const create = useMutation({ mutationFn: createOwner, onSuccess: onCreated })
  if (token === undefined) {
    return (
      <Callout icon={KeyRound} title={t('session.setupLinkTitle')}>
        {t('session.setupLinkText')}
      </Callout>
    )
  }
  const errors = fieldErrors(create.error)
  const tooShort = password !== '' && password.length < passwordLengthMin
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (password.length >= passwordLengthMin) create.mutate({ token, name, email, password })
      }}
    >
      <p className="text-[13px] text-muted-foreground">{t('session.setupText')}</p>
      <Field label={t('session.name')} error={errors.get('name')}>
        <Input
          name="name"
          autoComplete="name"
          required
          autoFocus
          data-testid="setup-name"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Field label={t('session.email')} error={errors.get('email')}>
        <Input
          type="email"
          name="email"
          autoComplete="username"
          required
          data-testid="setup-email"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </Field>
      <Field
        label={t('session.password')}
        hint={t('session.passwordHint', { count: passwordLengthMin })}
        error={errors.get('password')}
      >
        <Input
          type="password"
          name="password"
          autoComplete="new-password"
          required
          minLength={passwordLengthMin}
          aria-invalid={tooShort}
          data-testid="setup-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      {create.error instanceof ApiError && create.error.status === 403 ? (
        <Callout tone="danger" icon={KeyRound} title={t('session.tokenRefused')}>
          {t('session.setupLinkText')}
        </Callout>
      ) : (
        errors.size === 0 && <ErrorText error={create.error} />
      )}
      <Button type="submit" variant="primary" busy={create.isPending} data-testid="setup-submit">
        {t('session.createOwner')}
      </Button>
    </form>
  )
}
