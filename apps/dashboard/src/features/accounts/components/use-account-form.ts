import { useState } from 'react'
import type { AccountInput, CatalogueProvider, ConnectionTestInput } from '../../../shared/api/types.ts'
import {
  accountInput,
  emptyModelRow,
  missingFields,
  settingOf,
  testInput,
  type AccountFormValues,
} from '../account-form.ts'

/** State of the form and the bodies made of it. */
export function useAccountForm(provider: CatalogueProvider, suggestedName: string) {
  const [values, setValues] = useState<AccountFormValues>({
    name: suggestedName,
    protocol: (provider.protocols.find((each) => each.recommended) ?? provider.protocols[0])?.protocol ?? '',
    way: '',
    baseUrl: '',
    credentials: {},
    options: {},
    models: provider.models.length === 0 ? [emptyModelRow] : [],
  })
  const setting = settingOf(provider, values)
  const change = (part: Partial<AccountFormValues>) => setValues((before) => ({ ...before, ...part }))
  return {
    values,
    protocol: setting.protocol,
    ways: setting.ways,
    way: setting.way,
    /** The platform has no fixed address or model list: both must be said. */
    ownServer: provider.models.length === 0,
    change,
    /** Address and options are of one protocol and mean nothing, or something else, to another. */
    chooseProtocol: (protocol: string) => change({ protocol, way: '', baseUrl: '', options: {} }),
    missing: missingFields(setting, values),
    testInput: (): ConnectionTestInput => testInput(setting, values),
    accountInput: (): AccountInput => accountInput(setting, values),
  }
}

export type AccountForm = ReturnType<typeof useAccountForm>
