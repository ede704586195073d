import type { AdministrationServices } from '../../domain/administration/services.ts'
import type { Jobs } from '../../ports/jobs.ts'
import type { SignIn } from '../../ports/sign-in.ts'

/** What the dashboard API needs; composed in main. */
export interface DashboardServices extends AdministrationServices {
  readonly signIn: SignIn
  readonly jobs: Jobs
  /** `TOLLGATE_ADMIN_KEY`: opens `/api` as owner. `undefined`: no such key. */
  readonly adminKey: string | undefined
  /** `TOLLGATE_PUBLIC_URL`, without a slash at its end; `undefined`: as each caller sees it. */
  readonly publicUrl: string | undefined
  /** Of the package, e.g. `0.1.0`. */
  readonly version: string
  /** Set in demo mode: shown on the sign-in page. */
  readonly demoLogin: { readonly email: string; readonly password: string } | undefined
}
