import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import type { QueryClient } from '@tanstack/react-query'
import { ranges, type Range } from '../features/overview/api/overview.ts'
import { setupQuery } from '../features/session/api/session.ts'
import { ApiError } from '../shared/api/api-error.ts'
import { queryClient } from '../shared/api/query-client.ts'
import { meQuery } from '../shared/session/session.ts'
import { AppShell } from './shell/app-shell.tsx'
import { NotFoundPage, PageError, PagePending } from './shell/page-states.tsx'

/*
 * The pages and what their addresses hold. Pages are loaded when they are first needed; the chart library comes
 * with the overview only.
 */

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ notFoundComponent: NotFoundPage })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search) => text(search, 'next'),
  beforeLoad: async () => {
    const { needed } = await queryClient.query(setupQuery)
    if (needed) throw redirect({ to: '/setup' })
  },
  component: lazyRouteComponent(() => import('./routes/sign-in.tsx'), 'SignInPage'),
})

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: (search) => text(search, 'token'),
  beforeLoad: async () => {
    const { needed } = await queryClient.query(setupQuery)
    if (!needed) throw redirect({ to: '/sign-in' })
  },
  component: lazyRouteComponent(() => import('./routes/setup.tsx'), 'SetupPage'),
})

/** Everything behind the sign-in. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.query({ ...meQuery, staleTime: 'static' })
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } })
    }
  },
  component: AppShell,
})

const overview = createRoute({
  getParentRoute: () => shell,
  path: '/',
  validateSearch: (search): OverviewSearch => ({
    ...oneOf(search, 'range', ranges),
    ...oneOf(search, 'metric', ['tokens', 'spend', 'requests'] as const),
  }),
  component: lazyRouteComponent(() => import('./routes/overview.tsx'), 'OverviewPage'),
})

export interface OverviewSearch {
  range?: Range
  metric?: 'tokens' | 'spend' | 'requests'
}

const welcome = createRoute({
  getParentRoute: () => shell,
  path: '/welcome',
  validateSearch: (search) => ({
    ...oneOf(search, 'step', ['provider', 'credentials', 'grants', 'team', 'try'] as const),
    ...text(search, 'provider'),
    ...text(search, 'account'),
  }),
  component: lazyRouteComponent(() => import('./welcome/welcome.tsx'), 'WelcomePage'),
})

const requests = createRoute({
  getParentRoute: () => shell,
  path: '/requests',
  validateSearch: (search) => ({
    ...text(search, 'team'),
    ...text(search, 'model'),
    ...text(search, 'provider'),
    ...oneOf(search, 'status', ['ok', 'error', 'cancelled', 'interrupted'] as const),
    ...text(search, 'id'),
  }),
  component: lazyRouteComponent(() => import('./routes/requests.tsx'), 'RequestsPage'),
})

const models = createRoute({
  getParentRoute: () => shell,
  path: '/models',
  validateSearch: (search) => text(search, 'search'),
  component: lazyRouteComponent(() => import('./routes/models.tsx'), 'ModelsPage'),
})

const people = createRoute({
  getParentRoute: () => shell,
  path: '/people',
  validateSearch: (search) => oneOf(search, 'tab', ['users', 'audit'] as const),
  component: lazyRouteComponent(() => import('./routes/people.tsx'), 'PeoplePage'),
})

const providerList = createRoute({
  getParentRoute: () => shell,
  path: '/providers',
  component: lazyRouteComponent(() => import('./routes/providers.tsx'), 'ProvidersPage'),
})

const providerDetail = createRoute({
  getParentRoute: () => shell,
  path: '/providers/$name',
  validateSearch: (search) => oneOf(search, 'tab', ['grants', 'models', 'connection'] as const),
  component: lazyRouteComponent(() => import('./routes/provider.tsx'), 'ProviderPage'),
})

const teamList = createRoute({
  getParentRoute: () => shell,
  path: '/teams',
  component: lazyRouteComponent(() => import('./routes/teams.tsx'), 'TeamsPage'),
})

const teamDetail = createRoute({
  getParentRoute: () => shell,
  path: '/teams/$name',
  validateSearch: (search) => oneOf(search, 'tab', ['quotas', 'keys', 'members', 'usage'] as const),
  component: lazyRouteComponent(() => import('./routes/team.tsx'), 'TeamPage'),
})

const keys = createRoute({
  getParentRoute: () => shell,
  path: '/keys',
  validateSearch: (search) => oneOf(search, 'show', ['active', 'all'] as const),
  component: lazyRouteComponent(() => import('./routes/keys.tsx'), 'KeysPage'),
})

const operations = createRoute({
  getParentRoute: () => shell,
  path: '/operations',
  validateSearch: (search) => oneOf(search, 'tab', ['jobs', 'estimates'] as const),
  component: lazyRouteComponent(() => import('./routes/operations.tsx'), 'OperationsPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    setup,
    shell.addChildren([
      overview,
      welcome,
      requests,
      models,
      providerList,
      providerDetail,
      teamList,
      teamDetail,
      keys,
      people,
      operations,
    ]),
  ]),
  context: { queryClient },
  defaultPreload: 'intent',
  defaultErrorComponent: PageError,
  defaultPendingComponent: PagePending,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

/** A text of the address, absent when it is empty or something else. */
function text<K extends string>(search: Record<string, unknown>, name: K): { [P in K]?: string } {
  const value = search[name]
  const found: { [P in K]?: string } = {}
  if (typeof value === 'string' && value !== '') found[name] = value
  // `?model=4` is read as a number by the router.
  if (typeof value === 'number') found[name] = String(value)
  return found
}

/** One of the values we know; anything else in the address is ignored. */
function oneOf<K extends string, V extends string>(
  search: Record<string, unknown>,
  name: K,
  values: readonly V[],
): { [P in K]?: V } {
  const value = values.find((each) => each === search[name])
  const found: { [P in K]?: V } = {}
  if (value !== undefined) found[name] = value
  return found
}
