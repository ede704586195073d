import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { accountsQuery } from '../../features/accounts/api/accounts.ts'
import { KeyGuide } from '../../features/accounts/components/key-guide.tsx'
import { ProviderPicker } from '../../features/accounts/components/provider-picker.tsx'
import type { Catalogue } from '../../shared/api/types.ts'
import { StepFooter, StepHeading } from './stepper.tsx'

export function ProviderStep(props: {
  catalogue: Catalogue
  initial: string | undefined
  onNext: (provider: string) => void
}) {
  const { t } = useTranslation()
  const accounts = useQuery(accountsQuery)
  const [chosen, setChosen] = useState(props.initial)
  const counts = new Map<string, number>()
  for (const { provider } of accounts.data ?? []) counts.set(provider, (counts.get(provider) ?? 0) + 1)
  return (
    <>
      <StepHeading title={t('wizard.provider.title')}>{t('wizard.provider.text')}</StepHeading>
      <ProviderPicker
        value={chosen}
        available={props.catalogue.providers.map(({ provider }) => provider)}
        onChange={setChosen}
        accounts={counts}
      />
      {chosen !== undefined && <KeyGuide provider={chosen} className="mt-4" />}
      <StepFooter
        nextDisabled={chosen === undefined}
        onNext={() => {
          if (chosen !== undefined) props.onNext(chosen)
        }}
      />
    </>
  )
}
