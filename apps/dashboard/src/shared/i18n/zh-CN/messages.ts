import type { messages as english } from '../en/messages.ts'
import type { Translated } from '../translated.ts'
import { accounts } from './accounts.ts'
import { common } from './common.ts'
import { grants } from './grants.ts'
import { overview } from './overview.ts'
import { requests } from './requests.ts'
import { teams } from './teams.ts'
import { wizard } from './wizard.ts'

export const messages: Translated<typeof english> = {
  ...common,
  ...accounts,
  ...grants,
  ...overview,
  ...requests,
  ...teams,
  ...wizard,
}
