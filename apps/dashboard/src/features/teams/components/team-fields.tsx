import { useTranslation } from 'react-i18next'
import { Field } from '../../../shared/ui/field.tsx'
import { Input } from '../../../shared/ui/input.tsx'
import { suggestedQuotas, isLimit, toQuotaInput, type QuotaFormValues } from '../quota-form.ts'
import type { TeamInput } from '../../../shared/api/types.ts'
import { QuotaRows } from './quota-rows.tsx'

/** A team as typed. */
export interface TeamFormValues {
  name: string
  /** Public models or patterns, separated by commas or spaces; empty: all. */
  models: string
  quotas: readonly QuotaFormValues[]
}

export const newTeam: TeamFormValues = { name: '', models: '', quotas: suggestedQuotas }

export function isTeamComplete(values: TeamFormValues): boolean {
  return values.name.trim() !== '' && values.quotas.every(isLimit)
}

export function toTeamInput(values: TeamFormValues): TeamInput {
  const models = values.models.split(/[\s,，]+/).filter((pattern) => pattern !== '')
  return {
    name: values.name.trim(),
    models: models.length === 0 ? ['*'] : models,
    quotas: values.quotas.map(toQuotaInput),
  }
}

export function TeamFields(props: {
  values: TeamFormValues
  onChange: (values: TeamFormValues) => void
  errors: ReadonlyMap<string, string>
}) {
  const { t } = useTranslation()
  const { values, onChange, errors } = props
  return (
    <>
      <Field label={t('team.name')} hint={t('team.nameHint')} error={errors.get('name')}>
        <Input
          data-testid="team-name"
          value={values.name}
          placeholder="research"
          onChange={(event) => onChange({ ...values, name: event.target.value })}
        />
      </Field>
      <Field
        label={t('team.models')}
        optional={t('common.optional')}
        hint={t('team.modelsHint')}
        error={errors.get('models')}
      >
        <Input
          className="font-mono text-[13px]"
          placeholder="*"
          value={values.models}
          onChange={(event) => onChange({ ...values, models: event.target.value })}
        />
      </Field>
      <QuotaRows quotas={values.quotas} onChange={(quotas) => onChange({ ...values, quotas })} />
    </>
  )
}
