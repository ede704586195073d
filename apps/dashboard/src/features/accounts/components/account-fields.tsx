import { List } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogueProvider } from '../../../shared/api/types.ts'
import { Field } from '../../../shared/ui/field.tsx'
import { Input } from '../../../shared/ui/input.tsx'
import { QuietButton } from '../../../shared/ui/quiet-button.tsx'
import { emptyModelRow } from '../account-form.ts'
import { CredentialFields } from './credential-fields.tsx'
import { ModelRows } from './model-rows.tsx'
import { AdvancedOptions } from './option-fields.tsx'
import { OtherCredentialsButton, ProtocolChoice } from './protocol-choice.tsx'
import type { AccountForm } from './use-account-form.ts'

/** Platforms on which people make endpoints of their own: their ids are in no catalogue, and old keys may open no others. */
const withEndpoints: ReadonlySet<string> = new Set(['ark'])

/**
 * Name, credentials and place of an account. The choice of a protocol, by its credentials, and the options are for
 * those who know why they need them.
 */
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
  const [choosing, setChoosing] = useState(false)
  const errorOf = (name: string) =>
    errors.get(name) ?? (props.showMissing && form.missing.has(name) ? t('common.required') : undefined)
  if (protocol === undefined) return null
  const { protocols } = props.provider
  return (
    <div className="grid gap-4">
      <Field label={t('account.name')} hint={t('account.nameHint')} error={errorOf('name')}>
        <Input
          data-testid="account-name"
          value={values.name}
          onChange={(event) => form.change({ name: event.target.value })}
        />
      </Field>
      {choosing && (
        <ProtocolChoice protocols={protocols} value={protocol.protocol} onChange={form.chooseProtocol} />
      )}
      <CredentialFields
        ways={form.ways}
        way={form.way}
        onWay={(way) => form.change({ way })}
        values={values.credentials}
        onChange={(credentials) => form.change({ credentials })}
        errorOf={errorOf}
      />
      {protocols.length > 1 && !choosing && (
        <OtherCredentialsButton
          protocols={protocols}
          value={protocol.protocol}
          onOpen={() => setChoosing(true)}
        />
      )}
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
      {(form.ownServer || values.models.length > 0) && (
        <ModelRows
          rows={values.models}
          needed={form.ownServer}
          onChange={(models) => form.change({ models })}
          error={errorOf('models')}
        />
      )}
      {values.models.length === 0 && withEndpoints.has(props.provider.provider) && (
        <QuietButton
          icon={List}
          data-testid="name-models"
          onClick={() => form.change({ models: [emptyModelRow] })}
        >
          {t('account.ownEndpoints')}
        </QuietButton>
      )}
      <AdvancedOptions
        key={protocol.protocol}
        options={protocol.options}
        values={values.options}
        onChange={(options) => form.change({ options })}
        errorOf={errorOf}
      />
    </div>
  )
}
