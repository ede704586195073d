import { useQuery } from '@tanstack/react-query'
import { accountsQuery } from '../../features/accounts/api/accounts.ts'
import { grantsQuery } from '../../features/grants/api/grants.ts'
import { chatModels } from '../chat-models.ts'

/** A model that is really there, for code to paste; a well-known name until the accounts are known. */
export function useSampleModel(): string {
  const accounts = useQuery(accountsQuery)
  const grants = useQuery(grantsQuery())
  return chatModels(accounts.data ?? [], grants.data ?? [])[0] ?? 'qwen-plus'
}
