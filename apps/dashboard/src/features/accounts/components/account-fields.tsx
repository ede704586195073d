import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogueProvider } from '../../../shared/api/types.ts'
import { Field } from '../../../shared/ui/field.tsx'
import { Input, Select } from '../../../shared/ui/input.tsx'
import { cn } from '../../../shared/ui/cn.ts'
import { CredentialFields } from './credential-fields.tsx'
import { ModelRows } from './model-rows.tsx'
import type { AccountForm } from './use-account-form.ts'

/** Name, credentials and place of an account. Protocol and options are for those who know why they need them. */
export function AccountFields(props: {
  provider: CatalogueProvider
  form: AccountForm
  errors: ReadonlyMap<string, string>
  /** Marks required fields that are empty; set after the first try to go on. */
  showMissing: boolean
}) {
  const { t } = useTranslation()
  const { form, errors } = props
  const { values, protocol } = form
  const [advanced, setAdvanced] = useState(false)
  const errorOf = (name: string) =>
    errors.get(name) ?? (props.showMissing && form.missing.has(name) ? t('common.required') : undefined)
  if (protocol === undefined) return null
  return (
    <div className="grid gap-4">
      <Field label={t('account.name')} hint={t('account.nameHint')} error={errorOf('name')}>
        <Input
          data-testid="account-name"
          value={values.name}
          onChange={(event) => form.change({ name: event.target.value })}
        />
      </Field>
      <CredentialFields
        fields={protocol.credentials}
        values={values.credentials}
        onChange={(credentials) => form.change({ credentials })}
        errorOf={errorOf}
      />
      <Field
        label={t('account.baseUrl')}
        {...(protocol.defaultBaseUrl === null ? {} : { optional: t('common.optional') })}
        hint={protocol.defaultBaseUrl === null ? t('account.baseUrlOwnHint') : t('account.baseUrlHint')}
        error={errorOf('baseUrl')}
      >
        <Input
          data-testid="base-url"
          className="font-mono text-[13px]"
          inputMode="url"
          placeholder={protocol.defaultBaseUrl ?? 'http://10.0.0.5:8000/v1'}
          value={values.baseUrl}
          onChange={(event) => form.change({ baseUrl: event.target.value })}
        />
      </Field>
      {form.ownServer && (
        <ModelRows
          rows={values.models}
          onChange={(models) => form.change({ models })}
          error={errorOf('models')}
        />
      )}
      {(props.provider.protocols.length > 1 || protocol.options.length > 0) && (
        <div>
          <button
            type="button"
            aria-expanded={advanced}
            data-testid="advanced"
            onClick={() => setAdvanced(!advanced)}
            className="flex items-center gap-1 rounded text-[13px] font-medium text-muted-foreground hover:text-foreground"
          >
            <ChevronRight
              className={cn('size-4 transition-transform', advanced && 'rotate-90')}
              aria-hidden
            />
            {t('account.advanced')}
          </button>
          {advanced && (
            <div className="mt-3 grid gap-4 border-l-2 pl-4">
              <Field label={t('account.protocol')} hint={t('account.protocolHint')}>
                <Select
                  data-testid="protocol"
                  value={values.protocol}
                  onChange={(event) => form.change({ protocol: event.target.value, options: {} })}
                >
                  {props.provider.protocols.map((each) => (
                    <option key={each.protocol} value={each.protocol}>
                      {each.recommended
                        ? t('account.recommended', { protocol: each.protocol })
                        : each.protocol}
                    </option>
                  ))}
                </Select>
              </Field>
              {protocol.options.map((option) => (
                <Field key={option.name} label={option.label} optional={t('common.optional')}>
                  {option.values === null ? (
                    <Input
                      data-testid={`option-${option.name}`}
                      value={values.options[option.name] ?? ''}
                      onChange={(event) =>
                        form.change({ options: { ...values.options, [option.name]: event.target.value } })
                      }
                    />
                  ) : (
                    <Select
                      data-testid={`option-${option.name}`}
                      value={values.options[option.name] ?? ''}
                      onChange={(event) =>
                        form.change({ options: { ...values.options, [option.name]: event.target.value } })
                      }
                    >
                      <option value="">{t('common.default')}</option>
                      {option.values.map((value) => (
                        <option key={value} value={value}>
                          {value}
                        </option>
                      ))}
                    </Select>
                  )}
                </Field>
              ))}
            </div>
          )}
        </div>
      )}
    </div>
  )
}
