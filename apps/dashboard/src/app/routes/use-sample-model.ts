import { useQuery } from '@tanstack/react-query'
import { accountsQuery } from '../../features/accounts/api/accounts.ts'

/** A model that is really there, for code to paste; a well-known name until the accounts are known. */
export function useSampleModel(): string {
  const accounts = useQuery(accountsQuery)
  for (const account of accounts.data ?? []) {
    const model = account.models.find(({ kind, enabled }) => enabled && kind === 'chat')
    if (account.enabled && model !== undefined) return model.name
  }
  return 'qwen-plus'
}
