import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { ArrowRight, FlaskConical } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../shared/ui/button.tsx'
import { ErrorText } from '../../../shared/ui/error-text.tsx'
import { Field } from '../../../shared/ui/field.tsx'
import { Input } from '../../../shared/ui/input.tsx'
import { setupQuery, signIn } from '../api/session.ts'

export function SignInForm({ onSignedIn }: { onSignedIn: () => void }) {
  const { t } = useTranslation()
  const { demoLogin } = useSuspenseQuery(setupQuery).data
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const enter = useMutation({ mutationFn: signIn, onSuccess: onSignedIn })
  return (
    <div className="grid gap-5">
      {demoLogin !== undefined && (
        <div className="grid gap-3 rounded-md border border-free/35 bg-free/8 p-3.5 text-[13px]">
          <p className="flex items-center gap-2 font-medium">
            <FlaskConical className="size-4 text-free" aria-hidden />
            {t('session.demoTitle')}
          </p>
          <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
            <dt className="text-muted-foreground">{t('session.email')}</dt>
            <dd className="font-mono break-all">{demoLogin.email}</dd>
            <dt className="text-muted-foreground">{t('session.password')}</dt>
            <dd className="font-mono break-all">{demoLogin.password}</dd>
          </dl>
          <Button
            variant="primary"
            data-testid="demo-enter"
            busy={enter.isPending && enter.variables.email === demoLogin.email}
            onClick={() => enter.mutate(demoLogin)}
          >
            {t('session.enterDemo')}
            <ArrowRight />
          </Button>
        </div>
      )}
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          enter.mutate({ email, password })
        }}
      >
        <Field label={t('session.email')}>
          <Input
            type="email"
            name="email"
            autoComplete="username"
            required
            autoFocus={demoLogin === undefined}
            data-testid="sign-in-email"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </Field>
        <Field label={t('session.password')}>
          <Input
            type="password"
            name="password"
            autoComplete="current-password"
            required
            data-testid="sign-in-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        <ErrorText error={enter.error} />
        <Button
          type="submit"
          variant={demoLogin === undefined ? 'primary' : 'outline'}
          busy={enter.isPending}
          data-testid="sign-in-submit"
        >
          {t('session.signIn')}
        </Button>
      </form>
    </div>
  )
}
