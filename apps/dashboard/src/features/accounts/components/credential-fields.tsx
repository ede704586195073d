import { useTranslation } from 'react-i18next'
import { Choice } from '../../../shared/ui/choice.tsx'
import { Field } from '../../../shared/ui/field.tsx'
import { Input } from '../../../shared/ui/input.tsx'
import { nameWay, type CredentialWay } from '../credential-ways.ts'

/** The secret fields of one way to prove oneself under the names of the platform's console, and the choice of the way. */
export function CredentialFields(props: {
  ways: readonly CredentialWay[]
  way: CredentialWay | undefined
  onWay: (id: string) => void
  values: Readonly<Record<string, string>>
  onChange: (values: Readonly<Record<string, string>>) => void
  errorOf: (name: string) => string | undefined
}) {
  const { t } = useTranslation()
  const { ways, way } = props
  const chosen = knownWay(way?.id)
  return (
    <>
      {ways.length > 1 && (
        <Choice
          label={t('account.credentials')}
          value={way?.id ?? ''}
          segments={ways.map((each) => {
            const words = knownWay(each.id)
            return {
              value: each.id,
              label: words === undefined ? nameWay(each) : t(`credentialWay.${words}.name`),
              testId: `way-${each.id}`,
            }
          })}
          onChange={props.onWay}
          {...(chosen === undefined ? {} : { hint: t(`credentialWay.${chosen}.hint`) })}
        />
      )}
      {way?.fields.map((field) => (
        <Field
          key={field.name}
          label={field.label}
          {...(field.required ? {} : { optional: t('common.optional') })}
          error={props.errorOf(field.name)}
        >
          {/* Never filled in by the browser. */}
          <Input
            type="password"
            autoComplete="off"
            data-1p-ignore
            data-lpignore="true"
            className="font-mono text-[13px]"
            data-testid={`credential-${field.name}`}
            placeholder={field.example ?? ''}
            value={props.values[field.name] ?? ''}
            onChange={(event) => props.onChange({ ...props.values, [field.name]: event.target.value })}
          />
        </Field>
      ))}
    </>
  )
}

/** Ways with words of ours. Another one is named after its fields. */
const known = ['apiKey', 'accessKeyId'] as const

function knownWay(id: string | undefined) {
  return known.find((each) => each === id)
}
