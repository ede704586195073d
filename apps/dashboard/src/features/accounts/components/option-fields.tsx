import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogueProtocol } from '../../../shared/api/types.ts'
import { cn } from '../../../shared/ui/cn.ts'
import { Field } from '../../../shared/ui/field.tsx'
import { Input, Select } from '../../../shared/ui/input.tsx'

interface OptionProps {
  options: CatalogueProtocol['options']
  values: Readonly<Record<string, string>>
  onChange: (values: Readonly<Record<string, string>>) => void
  errorOf: (name: string) => string | undefined
}

/** Settings of a protocol that are not secret. All have a default that fits, so they are folded away until one is used. */
export function AdvancedOptions(props: OptionProps) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(props.options.some(({ name }) => name in props.values))
  const open = opened || props.options.some(({ name }) => props.errorOf(name) !== undefined)
  if (props.options.length === 0) return null
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        data-testid="advanced"
        onClick={() => setOpened(!open)}
        className="flex items-center gap-1 rounded text-[13px] font-medium text-muted-foreground hover:text-foreground"
      >
        <ChevronRight className={cn('size-4 transition-transform', open && 'rotate-90')} aria-hidden />
        {t('account.advanced')}
      </button>
      {open && (
        <div className="mt-3 grid gap-4 border-l-2 pl-4">
          <OptionFields {...props} />
        </div>
      )}
    </div>
  )
}

function OptionFields(props: OptionProps) {
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
