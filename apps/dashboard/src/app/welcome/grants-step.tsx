import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Gift, Info } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { createGrant, grantProposalsQuery } from '../../features/grants/api/grants.ts'
import { GrantProposals } from '../../features/grants/components/grant-proposals.tsx'
import { useGrantSelection } from '../../features/grants/grant-selection.ts'
import type { GrantProposal } from '../../shared/api/types.ts'
import { useInstallation } from '../../shared/session/session.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Callout } from '../../shared/ui/callout.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { ErrorText } from '../../shared/ui/error-text.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../shared/ui/states.tsx'
import { StepFooter, StepHeading } from './stepper.tsx'

interface StepProps {
  account: string
  onBack: () => void
  onNext: () => void
}

const atOnce = 5

export function GrantsStep(props: StepProps) {
  const { t } = useTranslation()
  const proposals = useQuery({
    ...grantProposalsQuery(props.account),
    staleTime: 0,
    refetchOnWindowFocus: false,
  })
  return (
    <>
      <StepHeading title={t('wizard.grants.title')}>{t('wizard.grants.text')}</StepHeading>
      {proposals.isPending && (
        <Card>
          <SkeletonRows rows={6} />
        </Card>
      )}
      {proposals.isError && (
        <Card>
          <ErrorState error={proposals.error} onRetry={() => void proposals.refetch()} />
        </Card>
      )}
      {proposals.isSuccess && <GrantsForm {...props} proposals={proposals.data} />}
    </>
  )
}

function GrantsForm({
  account,
  proposals,
  onBack,
  onNext,
}: StepProps & { proposals: readonly GrantProposal[] }) {
  const { t } = useTranslation()
  const { timeZone } = useInstallation()
  const client = useQueryClient()
  const selection = useGrantSelection(proposals, timeZone)
  const inputs = selection.inputs(account)
  const save = useMutation({
    mutationFn: async () => {
      // A few at a time, for there may be forty. Should one be refused, those that were taken show as recorded.
      for (let start = 0; start < inputs.length; start += atOnce) {
        await Promise.all(inputs.slice(start, start + atOnce).map(createGrant))
      }
    },
    onSuccess: onNext,
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['grants'] })
      void client.invalidateQueries({ queryKey: ['grant-proposals', account] })
    },
  })
  if (proposals.length === 0) {
    return (
      <>
        <Card>
          <EmptyState icon={Gift} title={t('wizard.grants.noneTitle')}>
            {t('wizard.grants.noneText')}
          </EmptyState>
        </Card>
        <StepFooter onBack={onBack} onNext={onNext} />
      </>
    )
  }
  return (
    <>
      <Callout icon={Info} className="mb-3">
        {t('wizard.grants.check')}
      </Callout>
      <GrantProposals proposals={proposals} selection={selection} />
      <ErrorText error={save.error} className="mt-3" />
      <StepFooter
        onBack={onBack}
        onNext={() => {
          if (inputs.length === 0) onNext()
          else save.mutate()
        }}
        nextDisabled={selection.wrong.size > 0}
        busy={save.isPending}
        nextLabel={
          inputs.length === 0 ? t('wizard.next') : t('wizard.grants.confirm', { count: inputs.length })
        }
      >
        {inputs.length > 0 && (
          <Button variant="ghost" onClick={onNext} disabled={save.isPending}>
            {t('wizard.skip')}
          </Button>
        )}
      </StepFooter>
    </>
  )
}
