import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { catalogueQuery } from '../../features/accounts/api/accounts.ts'
import { usePermissions } from '../../shared/session/session.ts'
import { PageHeader } from '../../shared/ui/card.tsx'
import { ErrorState } from '../../shared/ui/states.tsx'
import { NotFoundPage, PagePending } from '../shell/page-states.tsx'
import { CredentialsStep } from './credentials-step.tsx'
import { GrantsStep } from './grants-step.tsx'
import { ProviderStep } from './provider-step.tsx'
import { Stepper, steps, type Step } from './stepper.tsx'
import { TeamStep } from './team-step.tsx'
import { TryStep } from './try-step.tsx'

const route = getRouteApi('/shell/welcome')

/**
 * From nothing to a first answer: platform, credentials, free quotas, team and key, code to paste. The address
 * holds the step and what was made, so a reload goes on where it was; only the secret of the key is gone then.
 */
export function WelcomePage() {
  const { t } = useTranslation()
  const { administer } = usePermissions()
  const { step = 'provider', provider, account } = route.useSearch()
  const navigate = route.useNavigate()
  const catalogue = useQuery(catalogueQuery)
  const [secret, setSecret] = useState('')
  if (!administer) return <NotFoundPage />
  if (catalogue.isPending) return <PagePending />
  if (catalogue.isError)
    return <ErrorState error={catalogue.error} onRetry={() => void catalogue.refetch()} />
  const chosen = catalogue.data.providers.find((each) => each.provider === provider)
  const shown = reachable(step, chosen !== undefined, account !== undefined)
  const go = (next: Step, change: { provider?: string; account?: string } = {}) =>
    void navigate({
      search: {
        step: next,
        ...(provider === undefined ? {} : { provider }),
        ...(account === undefined ? {} : { account }),
        ...change,
      },
    })
  return (
    <div className="mx-auto max-w-5xl">
      <PageHeader name={t('wizard.title')} description={t('wizard.text')} />
      <Stepper current={shown} />
      {shown === 'provider' && (
        <ProviderStep
          catalogue={catalogue.data}
          initial={chosen?.provider}
          onNext={(next) => void navigate({ search: { step: 'credentials', provider: next } })}
        />
      )}
      {shown === 'credentials' && chosen !== undefined && (
        <CredentialsStep
          key={chosen.provider}
          provider={chosen}
          account={account}
          onBack={() => go('provider')}
          onNext={(created) => go('grants', { account: created })}
        />
      )}
      {shown === 'grants' && account !== undefined && (
        <GrantsStep account={account} onBack={() => go('credentials')} onNext={() => go('team')} />
      )}
      {shown === 'team' && (
        <TeamStep
          secret={secret}
          onSecret={setSecret}
          onBack={() => go(account === undefined ? 'provider' : 'grants')}
          onNext={() => go('try')}
        />
      )}
      {shown === 'try' && (
        <TryStep account={account} secret={secret} onSecret={setSecret} onBack={() => go('team')} />
      )}
    </div>
  )
}

/** The step of the address, or the last one before it whose needs are met. */
function reachable(step: Step, providerChosen: boolean, accountMade: boolean): Step {
  const needs = {
    provider: true,
    credentials: providerChosen,
    grants: accountMade,
    team: true,
    try: true,
  } as const
  return needs[step]
    ? step
    : (steps.slice(0, steps.indexOf(step)).findLast((each) => needs[each]) ?? 'provider')
}
