import type { Call, CredentialField, HeaderMap, OptionField } from '../contract/index.ts'
import { jsonHeaders } from './headers.ts'

/** What proves an account to DashScope, in both of its protocols (provider sheet of Tongyi, section 1). */
export const dashScopeCredentials: readonly CredentialField[] = [
  { name: 'apiKey', required: true, label: 'API Key (百炼控制台)', example: 'sk-…' },
]

export const dashScopeWorkspace: OptionField = {
  name: 'workspace',
  label: 'Workspace ID (X-DashScope-WorkSpace)',
}

export function dashScopeHeaders(call: Call, streams: boolean): HeaderMap {
  const workspace = call.options[dashScopeWorkspace.name] ?? ''
  return {
    ...jsonHeaders(call, streams),
    ...(workspace === '' ? {} : { 'x-dashscope-workspace': workspace }),
  }
}
