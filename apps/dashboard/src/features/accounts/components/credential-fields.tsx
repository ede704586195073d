import { useTranslation } from 'react-i18next'
import type { CatalogueProtocol } from '../../../shared/api/types.ts'
import { Field } from '../../../shared/ui/field.tsx'
import { Input } from '../../../shared/ui/input.tsx'

/** The secret fields of a protocol under the names of the platform's console. Never filled in by the browser. */
export function CredentialFields(props: {
  fields: CatalogueProtocol['credentials']
  values: Readonly<Record<string, string>>
  onChange: (values: Readonly<Record<string, string>>) => void
  errorOf: (name: string) => string | undefined
}) {
  const { t } = useTranslation()
  return (
    <>
      {props.fields.map((field) => (
        <Field
          key={field.name}
          label={field.label}
          {...(field.required ? {} : { optional: t('common.optional') })}
          error={props.errorOf(field.name)}
        >
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
