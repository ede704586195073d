import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { CircleCheck, PlugZap } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { accountsQuery, createAccount, testConnection } from '../../features/accounts/api/accounts.ts'
import { AccountFields } from '../../features/accounts/components/account-fields.tsx'
import { ConnectionResult } from '../../features/accounts/components/connection-result.tsx'
import { KeyGuide } from '../../features/accounts/components/key-guide.tsx'
import { useAccountForm } from '../../features/accounts/components/use-account-form.ts'
import { fieldErrors } from '../../shared/api/api-error.ts'
import type { CatalogueProvider } from '../../shared/api/types.ts'
import { ProviderMark } from '../../shared/providers/provider-mark.tsx'
import { providerName } from '../../shared/providers/providers.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Callout } from '../../shared/ui/callout.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { ErrorText } from '../../shared/ui/error-text.tsx'
import { SkeletonRows } from '../../shared/ui/states.tsx'
import { StepFooter, StepHeading } from './stepper.tsx'

interface StepProps {
  provider: CatalogueProvider
  /** The account, when this step was done before. */
  account: string | undefined
  onBack: () => void
  onNext: (account: string) => void
}

export function CredentialsStep(props: StepProps) {
  const { t } = useTranslation()
  const accounts = useQuery(accountsQuery)
  const { account } = props
  if (account !== undefined) {
    return (
      <>
        <Callout tone="good" icon={CircleCheck} title={t('wizard.credentials.done', { name: account })}>
          {t('wizard.credentials.doneText')}
        </Callout>
        <StepFooter onBack={props.onBack} onNext={() => props.onNext(account)} />
      </>
    )
  }
  if (accounts.isPending) return <SkeletonRows />
  const taken = new Set(accounts.data?.map(({ name }) => name))
  return <CredentialsForm {...props} suggestedName={freeName(props.provider.provider, taken)} />
}

function CredentialsForm({ provider, suggestedName, onBack, onNext }: StepProps & { suggestedName: string }) {
  const { t, i18n } = useTranslation()
  const client = useQueryClient()
  const form = useAccountForm(provider, suggestedName)
  const [showMissing, setShowMissing] = useState(false)
  const test = useMutation({ mutationFn: testConnection })
  const create = useMutation({
    mutationFn: createAccount,
    onSuccess: (account) => {
      void client.invalidateQueries({ queryKey: ['accounts'] })
      onNext(account.name)
    },
  })
  const spends = form.protocol?.probeSpends === true
  // A result holds for what was tested; a changed field makes it old.
  const tested = test.isSuccess && JSON.stringify(test.variables) === JSON.stringify(form.testInput())
  const refused = tested && !test.data.ok

  async function goOn(): Promise<void> {
    setShowMissing(true)
    if (form.missing.size > 0) return
    if (!tested) {
      const result = await test.mutateAsync(form.testInput()).catch(() => undefined)
      if (result?.ok !== true) return
    }
    create.mutate(form.accountInput())
  }

  function runTest(): void {
    setShowMissing(true)
    if (form.missing.size === 0) test.mutate(form.testInput())
  }

  const errors = fieldErrors(create.error ?? test.error)
  return (
    <>
      <StepHeading title={t('wizard.credentials.title')}>{t('wizard.credentials.text')}</StepHeading>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_18rem]">
        <Card className="p-4 sm:p-5">
          <div className="mb-4 flex items-center gap-2.5 font-semibold">
            <ProviderMark provider={provider.provider} />
            {providerName(provider.provider, i18n.language)}
          </div>
          <AccountFields provider={provider} form={form} errors={errors} showMissing={showMissing} />
          <div className="mt-5 grid gap-3">
            <div className="flex flex-wrap items-center gap-3">
              <Button busy={test.isPending} onClick={runTest} data-testid="test-connection">
                {!test.isPending && <PlugZap />}
                {t('connection.test')}
              </Button>
              <span className="text-xs text-muted-foreground">
                {t(spends ? 'connection.spendsHint' : 'connection.freeHint')}
              </span>
            </div>
            {tested && <ConnectionResult result={test.data} />}
            <ErrorText error={test.error ?? create.error} />
          </div>
        </Card>
        <KeyGuide provider={provider.provider} protocol={form.protocol?.protocol} way={form.way?.id} />
      </div>
      <StepFooter
        onBack={onBack}
        onNext={() => void goOn()}
        busy={create.isPending || test.isPending}
        discouraged={refused}
        nextLabel={t(refused ? 'wizard.credentials.saveAnyway' : 'wizard.credentials.save')}
      />
    </>
  )
}

/** `tongyi-main`, or the first one with a number that is free. */
function freeName(provider: string, taken: ReadonlySet<string>): string {
  const base = provider === 'openai-compatible' ? 'own' : provider
  if (!taken.has(`${base}-main`)) return `${base}-main`
  let number = 2
  while (taken.has(`${base}-${number}`)) number += 1
  return `${base}-${number}`
}
