import type { AdministrationServices } from '../administration/services.ts'
import type { Configuration } from './configuration.ts'
import type { ConfigurationForm } from './configuration-form.ts'
import { Findings, type Finding } from './findings.ts'
import { readAccount } from './read-account.ts'
import { readRoute } from './read-route.ts'
import { readTeam, refuseSharedSecrets } from './read-team.ts'

export interface ReadingServices extends Pick<AdministrationServices, 'adapters' | 'catalogue'> {
  readonly timeZone: string
}

/** What the file names and may refer to. The file stands alone: things made in the dashboard are not among them. */
export interface Known {
  /** `account/model` */
  readonly offerings: ReadonlySet<string>
  /** Accounts with mistakes of their own: nobody is told that their models do not exist. */
  readonly doubtful: ReadonlySet<string>
  /** What clients may ask for. */
  readonly publicNames: ReadonlySet<string>
}

export type ReadConfiguration =
  | { readonly ok: true; readonly config: Configuration; readonly warnings: readonly Finding[] }
  | { readonly ok: false; readonly problems: readonly Finding[] }

/** Reads the whole form; either everything is right or every mistake is named. Nothing here touches the database. */
export function readConfiguration(
  services: Pick<AdministrationServices, 'adapters' | 'catalogue'>,
  form: ConfigurationForm,
): ReadConfiguration {
  const findings = new Findings()
  const currency = form.currency ?? 'CNY'
  if (!/^[A-Z]{3}$/.test(currency))
    findings.problem(['currency'], 'must be three capital letters such as CNY')
  const timeZone = readTimeZone(findings, form.timeZone ?? 'Asia/Shanghai')
  const reading: ReadingServices = { ...services, timeZone }

  const accountForms = form.accounts ?? []
  const accounts = accountForms.map((account, index) =>
    readAccount(reading, findings, ['accounts', index], account),
  )
  findings.refuseTwins(
    ['accounts'],
    accountForms.map((account) => account.name),
    'an account',
    'name',
  )
  const known = findKnown(form, accounts.filter(isRead))
  const modelForms = form.models ?? []
  const models = modelForms.map((model, index) => readRoute(findings, ['models', index], model, known))
  findings.refuseTwins(
    ['models'],
    modelForms.map((model) => model.name),
    'a model',
    'name',
  )
  const teamForms = form.teams ?? []
  const teams = teamForms.map((team, index) => readTeam(reading, findings, ['teams', index], team, known))
  findings.refuseTwins(
    ['teams'],
    teamForms.map((team) => team.name),
    'a team',
    'name',
  )
  refuseSharedSecrets(findings, teamForms)

  if (findings.problems.length > 0) return { ok: false, problems: findings.problems }
  return {
    ok: true,
    config: {
      currency,
      timeZone,
      accounts: accounts.filter(isRead),
      models: models.filter(isRead),
      teams: teams.filter(isRead),
    },
    warnings: findings.warnings,
  }
}

function findKnown(
  form: ConfigurationForm,
  accounts: readonly { readonly name: string; readonly offerings: readonly { readonly name: string }[] }[],
): Known {
  return {
    offerings: new Set(
      accounts.flatMap((account) => account.offerings.map((offering) => `${account.name}/${offering.name}`)),
    ),
    doubtful: new Set(
      (form.accounts ?? [])
        .map((account) => account.name)
        .filter((name) => !accounts.some((account) => account.name === name)),
    ),
    publicNames: new Set([
      ...accounts.flatMap((account) => account.offerings.map((offering) => offering.name)),
      ...(form.models ?? []).map((model) => model.name),
    ]),
  }
}

function readTimeZone(findings: Findings, name: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return name
  } catch {
    findings.problem(['timeZone'], `"${name}" is not a time zone such as Asia/Shanghai`)
    return 'UTC'
  }
}

function isRead<Value>(value: Value | undefined): value is Value {
  return value !== undefined
}
