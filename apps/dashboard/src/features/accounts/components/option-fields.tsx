import { useTranslation } from 'react-i18next'
import type { CatalogueProtocol } from '../../../shared/api/types.ts'
import { Field } from '../../../shared/ui/field.tsx'
import { Input, Select } from '../../../shared/ui/input.tsx'

/** Settings of a protocol that are not secret. All have a default that fits. */
export function OptionFields(props: {
  options: CatalogueProtocol['options']
  values: Readonly<Record<string, string>>
  onChange: (values: Readonly<Record<string, string>>) => void
  errorOf: (name: string) => string | undefined
}) {
  const { t } = useTranslation()
  return props.options.map(({ name, label, values, format }) => {
    const control = {
      'data-testid': `option-${name}`,
      value: props.values[name] ?? '',
      onChange: (event: { target: { value: string } }) =>
        props.onChange({ ...props.values, [name]: event.target.value }),
    }
    return (
      <Field key={name} label={label} optional={t('common.optional')} error={props.errorOf(name)}>
        {values === null ? (
          <Input
            {...control}
            {...(format === 'url'
              ? { inputMode: 'url', placeholder: 'https://', className: 'font-mono text-[13px]' }
              : {})}
          />
        ) : (
          <Select {...control}>
            <option value="">{t('common.default')}</option>
            {values.map((value) => (
              <option key={value} value={value}>
                {value}
              </option>
            ))}
          </Select>
        )}
      </Field>
    )
  })
}
