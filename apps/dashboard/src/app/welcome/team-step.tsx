import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createKey } from '../../features/keys/api/keys.ts'
import { KeySecret } from '../../features/keys/components/key-secret.tsx'
import { createTeam, teamsQuery } from '../../features/teams/api/teams.ts'
import {
  isTeamComplete,
  newTeam,
  TeamFields,
  toTeamInput,
} from '../../features/teams/components/team-fields.tsx'
import { fieldErrors } from '../../shared/api/api-error.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { ErrorText } from '../../shared/ui/error-text.tsx'
import { Field } from '../../shared/ui/field.tsx'
import { Input, Select } from '../../shared/ui/input.tsx'
import { Segmented } from '../../shared/ui/segmented.tsx'
import { SkeletonRows } from '../../shared/ui/states.tsx'
import { StepFooter, StepHeading } from './stepper.tsx'

interface StepProps {
  secret: string
  onSecret: (secret: string) => void
  onBack: () => void
  onNext: () => void
}

export function TeamStep(props: StepProps) {
  const { t } = useTranslation()
  const teams = useQuery(teamsQuery)
  return (
    <>
      <StepHeading title={t('wizard.team.title')}>{t('wizard.team.text')}</StepHeading>
      <Card className="max-w-3xl p-4 sm:p-5">
        {props.secret !== '' && (
          <>
            <p className="mb-3 font-medium">{t('wizard.team.done')}</p>
            <KeySecret secret={props.secret} />
          </>
        )}
        {props.secret === '' && teams.isPending && <SkeletonRows className="p-0" />}
        {props.secret === '' && !teams.isPending && (
          <TeamAndKeyForm existing={teams.data?.map(({ name }) => name) ?? []} onSecret={props.onSecret} />
        )}
      </Card>
      <StepFooter onBack={props.onBack} onNext={props.onNext} nextDisabled={props.secret === ''}>
        {props.secret === '' && (
          <Button variant="ghost" onClick={props.onNext}>
            {t('wizard.team.skip')}
          </Button>
        )}
      </StepFooter>
    </>
  )
}

function TeamAndKeyForm({
  existing,
  onSecret,
}: {
  existing: readonly string[]
  onSecret: (secret: string) => void
}) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [mode, setMode] = useState<'new' | 'existing'>('new')
  const [team, setTeam] = useState(newTeam)
  const [chosen, setChosen] = useState(existing[0] ?? '')
  const [keyName, setKeyName] = useState('')
  const [teamMade, setTeamMade] = useState<string>()
  const create = useMutation({
    mutationFn: async () => {
      let name = mode === 'existing' ? chosen : teamMade
      if (name === undefined) {
        name = (await createTeam(toTeamInput(team))).name
        // Should the key be refused, the next try makes no second team.
        setTeamMade(name)
      }
      return createKey(name, { name: keyName.trim() })
    },
    onSuccess: (created) => onSecret(created.secret),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['teams'] })
      void client.invalidateQueries({ queryKey: ['keys'] })
    },
  })
  const complete = keyName.trim() !== '' && (mode === 'existing' ? chosen !== '' : isTeamComplete(team))
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (complete) create.mutate()
      }}
    >
      {existing.length > 0 && (
        <Segmented
          label={t('key.team')}
          value={mode}
          onChange={setMode}
          className="justify-self-start"
          segments={[
            { value: 'new', label: t('wizard.team.new') },
            { value: 'existing', label: t('wizard.team.existing') },
          ]}
        />
      )}
      {mode === 'new' ? (
        <TeamFields
          values={team}
          onChange={setTeam}
          errors={teamMade === undefined ? fieldErrors(create.error) : new Map()}
        />
      ) : (
        <Field label={t('key.team')}>
          <Select value={chosen} onChange={(event) => setChosen(event.target.value)}>
            {existing.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        </Field>
      )}
      <Field label={t('key.name')} hint={t('key.nameHint')} className="border-t pt-4">
        <Input
          data-testid="key-name"
          placeholder="notebook"
          value={keyName}
          onChange={(event) => setKeyName(event.target.value)}
        />
      </Field>
      <ErrorText error={create.error} />
      <Button
        type="submit"
        variant="primary"
        className="justify-self-start"
        data-testid="create-key"
        busy={create.isPending}
        disabled={!complete}
      >
        {t(mode === 'new' ? 'wizard.team.create' : 'key.create')}
      </Button>
    </form>
  )
}
