import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { accountsQuery } from '../../features/accounts/api/accounts.ts'
import { grantsQuery } from '../../features/grants/api/grants.ts'
import { SnippetPanel } from '../../features/keys/components/snippet-panel.tsx'
import { TestRequest } from '../../features/keys/components/test-request.tsx'
import { useInstallation } from '../../shared/session/session.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Card, CardHeader } from '../../shared/ui/card.tsx'
import { CopyButton } from '../../shared/ui/copy-button.tsx'
import { Field } from '../../shared/ui/field.tsx'
import { Input } from '../../shared/ui/input.tsx'
import { chatModels } from '../chat-models.ts'
import { StepHeading } from './stepper.tsx'

/** Address and key for every client, and a first request to see it work. */
export function TryStep(props: {
  account: string | undefined
  secret: string
  onSecret: (secret: string) => void
  onBack: () => void
}) {
  const { t } = useTranslation()
  const { baseUrl } = useInstallation()
  const accounts = useQuery(accountsQuery)
  const grants = useQuery(grantsQuery())
  const models = chatModels(accounts.data ?? [], grants.data ?? [], props.account)
  const [chosen, setChosen] = useState<string>()
  const [known] = useState(props.secret !== '')
  const model = chosen ?? models[0] ?? 'qwen-plus'
  const secret = props.secret === '' ? 'sk-tg-…' : props.secret
  return (
    <>
      <StepHeading title={t('wizard.try.title')}>{t('wizard.try.text')}</StepHeading>
      <div className="grid grid-cols-1 gap-4">
        <Card className="grid gap-3 p-4 text-[13px] sm:grid-cols-2 sm:p-5">
          <div className="min-w-0">
            <p className="mb-1 text-xs text-muted-foreground">Base URL</p>
            <p className="flex items-center gap-1">
              <code className="min-w-0 truncate font-mono" data-testid="gateway-url">
                {baseUrl}
              </code>
              <CopyButton text={baseUrl} />
            </p>
          </div>
          {known ? (
            <div className="min-w-0">
              <p className="mb-1 text-xs text-muted-foreground">{t('key.title')}</p>
              <p className="flex items-center gap-1">
                <code className="min-w-0 truncate font-mono">{secret}</code>
                <CopyButton text={secret} />
              </p>
            </div>
          ) : (
            <Field label={t('key.title')} hint={t('wizard.try.pasteKey')}>
              <Input
                className="font-mono text-[13px]"
                placeholder="sk-tg-…"
                autoComplete="off"
                value={props.secret}
                onChange={(event) => props.onSecret(event.target.value.trim())}
              />
            </Field>
          )}
        </Card>
        <Card>
          <CardHeader title={t('try.title')} description={t('try.text')} />
          <div className="px-4 pb-4 sm:px-5 sm:pb-5">
            <TestRequest secret={props.secret} model={model} models={models} onModel={setChosen} />
          </div>
        </Card>
        <Card className="p-4 sm:p-5">
          <SnippetPanel connection={{ baseUrl, secret, model }} />
        </Card>
      </div>
      <div className="mt-6 flex flex-wrap items-center gap-2 border-t pt-4">
        <Button variant="ghost" onClick={props.onBack}>
          {t('wizard.back')}
        </Button>
        <Button asChild variant="primary" className="ml-auto">
          <Link to="/" data-testid="wizard-finish">
            {t('common.toOverview')}
            <ArrowRight />
          </Link>
        </Button>
      </div>
    </>
  )
}
