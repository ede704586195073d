import type { ModelForm } from '../administration/plan-offerings.ts'
import type { GrantCoverage } from '../snapshot/snapshot.ts'
import type { QuotaForm } from '../administration/set-quota.ts'

/** `tollgate.yaml` as people write it: its shape is right, what it says has not been looked at. */
export interface ConfigurationForm {
  readonly currency?: string | undefined
  readonly timeZone?: string | undefined
  readonly accounts?: readonly AccountForm[] | undefined
  readonly models?: readonly RouteForm[] | undefined
  readonly teams?: readonly TeamForm[] | undefined
}

export interface AccountForm {
  readonly name: string
  readonly provider: string
  /** Default: the provider's recommended one. */
  readonly protocol?: string | undefined
  readonly baseUrl?: string | undefined
  readonly credentials?: Readonly<Record<string, string>> | undefined
  readonly options?: Readonly<Record<string, string>> | undefined
  readonly enabled?: boolean | undefined
  /** Absent: every chat and embedding model of the catalogue that the protocol can serve. */
  readonly models?: readonly ModelForm[] | undefined
  readonly grants?: readonly GrantForm[] | undefined
}

export interface GrantForm {
  /** By this a grant is known from one start to the next. Default: made from the models. */
  readonly name?: string | undefined
  readonly models: readonly string[]
  readonly unit: 'tokens' | 'input-tokens' | 'output-tokens' | 'requests' | 'money'
  readonly amount: number | string
  readonly window?: 'once' | 'day' | 'month' | undefined
  readonly validFrom?: string | undefined
  readonly expiresAt?: string | undefined
  readonly whenEmpty?: 'provider-stops' | 'provider-bills' | undefined
  /** Default: all calls. */
  readonly covers?: readonly GrantCoverage[] | undefined
  readonly confidence?: string | undefined
  readonly note?: string | undefined
}

/** A public name over several offerings. */
export interface RouteForm {
  readonly name: string
  readonly policy?: string | undefined
  readonly enabled?: boolean | undefined
  /** `account/model`, in order of preference. */
  readonly offerings: readonly string[]
}

export type ScopeQuotaForm = Omit<QuotaForm, 'member' | 'key'>

export interface TeamForm {
  readonly name: string
  /** Default `refuse`. `allow` takes soft quotas only. */
  readonly onCountersDown?: 'refuse' | 'allow' | undefined
  readonly models?: readonly string[] | undefined
  readonly enabled?: boolean | undefined
  readonly quotas?: readonly ScopeQuotaForm[] | undefined
  readonly members?: readonly MemberForm[] | undefined
  readonly keys?: readonly KeyForm[] | undefined
}

export interface MemberForm {
  readonly name: string
  readonly email?: string | undefined
  readonly quotas?: readonly ScopeQuotaForm[] | undefined
}

export interface KeyForm {
  readonly name: string
  readonly secret: string
  readonly member?: string | undefined
  readonly models?: readonly string[] | undefined
  readonly allowedIps?: readonly string[] | undefined
  readonly expiresAt?: string | undefined
  readonly quotas?: readonly ScopeQuotaForm[] | undefined
}
