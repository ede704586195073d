import type { Connection } from '../administration/account-form.ts'
import type { OfferingPlan } from '../administration/plan-offerings.ts'
import type {
  GrantCoverage,
  GrantUnit,
  QuotaEntry,
  QuotaMetric,
  QuotaWindow,
  RoutePolicy,
} from '../snapshot/snapshot.ts'

/** What the configuration file says, with defaults filled in and every reference found. Ready to be applied. */
export interface Configuration {
  readonly currency: string
  readonly timeZone: string
  readonly accounts: readonly AccountPlan[]
  readonly models: readonly RoutePlan[]
  readonly teams: readonly TeamPlan[]
}

export interface AccountPlan {
  readonly name: string
  readonly enabled: boolean
  readonly connection: Connection
  readonly offerings: readonly OfferingPlan[]
  readonly grants: readonly GrantPlan[]
}

export interface GrantPlan {
  readonly name: string
  readonly models: readonly string[]
  readonly unit: GrantUnit
  /** In the unit; nanos for `money`. */
  readonly amount: bigint
  readonly window: 'once' | 'day' | 'month'
  /** `undefined`: from the moment it is first applied. */
  readonly validFrom: Date | undefined
  readonly expiresAt: Date | undefined
  readonly whenEmpty: 'provider-stops' | 'provider-bills'
  /** Empty: all calls. */
  readonly covers: readonly GrantCoverage[]
  readonly confidence: string
  readonly note: string | undefined
}

export interface RoutePlan {
  readonly name: string
  readonly policy: RoutePolicy
  readonly enabled: boolean
  readonly offerings: readonly string[]
}

export interface QuotaPlan {
  readonly metric: QuotaMetric
  readonly window: QuotaWindow
  /** Nanos for `cost`. */
  readonly limit: bigint
  readonly model: string | undefined
  readonly hard: boolean
  readonly guarantee: QuotaEntry['guarantee']
}

export interface TeamPlan {
  readonly name: string
  readonly onCountersDown: 'refuse' | 'allow'
  readonly models: readonly string[]
  readonly enabled: boolean
  readonly quotas: readonly QuotaPlan[]
  readonly members: readonly MemberPlan[]
  readonly keys: readonly KeyPlan[]
}

export interface MemberPlan {
  readonly name: string
  readonly email: string | undefined
  readonly quotas: readonly QuotaPlan[]
}

export interface KeyPlan {
  readonly name: string
  readonly secret: string
  readonly member: string | undefined
  readonly models: readonly string[]
  readonly allowedIps: readonly string[]
  readonly expiresAt: Date | undefined
  readonly quotas: readonly QuotaPlan[]
}
