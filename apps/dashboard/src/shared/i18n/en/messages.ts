import { accounts } from './accounts.ts'
import { common } from './common.ts'
import { grants } from './grants.ts'
import { models } from './models.ts'
import { operations } from './operations.ts'
import { overview } from './overview.ts'
import { requests } from './requests.ts'
import { teams } from './teams.ts'
import { users } from './users.ts'
import { wizard } from './wizard.ts'

export const messages = {
  ...common,
  ...accounts,
  ...grants,
  ...models,
  ...operations,
  ...overview,
  ...requests,
  ...teams,
  ...users,
  ...wizard,
} as const
