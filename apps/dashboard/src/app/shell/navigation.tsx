import { Link, type LinkProps } from '@tanstack/react-router'
import {
  Activity,
  BookOpenText,
  Boxes,
  ChartColumnStacked,
  KeyRound,
  Plus,
  ScrollText,
  UserCog,
  Users,
  Waypoints,
  type LucideIcon,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { usePermissions } from '../../shared/session/session.ts'
import { cn } from '../../shared/ui/cn.ts'

interface Entry {
  readonly to: NonNullable<LinkProps['to']>
  readonly label:
    'overview' | 'requests' | 'models' | 'providers' | 'teams' | 'keys' | 'people' | 'operations'
  /** Only for those who may change everything. */
  readonly administrators?: boolean
  readonly icon: LucideIcon
}

const entries: readonly Entry[] = [
  { to: '/', label: 'overview', icon: ChartColumnStacked },
  { to: '/requests', label: 'requests', icon: ScrollText },
  { to: '/models', label: 'models', icon: Waypoints },
  { to: '/providers', label: 'providers', icon: Boxes },
  { to: '/teams', label: 'teams', icon: Users },
  { to: '/keys', label: 'keys', icon: KeyRound },
  { to: '/people', label: 'people', icon: UserCog, administrators: true },
  { to: '/operations', label: 'operations', icon: Activity, administrators: true },
]

const item =
  'flex h-8.5 items-center gap-2.5 rounded-md px-2.5 text-[13.5px] font-medium text-muted-foreground transition-colors hover:bg-muted hover:text-foreground [&_svg]:size-4'

export function Navigation({ onNavigate }: { onNavigate?: () => void }) {
  const { t } = useTranslation()
  const { administer } = usePermissions()
  return (
    <nav aria-label={t('nav.main')} className="grid gap-0.5 px-2.5">
      {entries
        .filter(({ administrators }) => administrators !== true || administer)
        .map(({ to, label, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: to === '/', includeSearch: false }}
            className={item}
            activeProps={{
              className: 'bg-accent text-accent-foreground hover:bg-accent hover:text-accent-foreground',
            }}
            data-testid={`nav-${label}`}
            onClick={onNavigate}
          >
            <Icon aria-hidden />
            {t(`nav.${label}`)}
          </Link>
        ))}
      {administer && (
        <Link
          to="/welcome"
          className={cn(item, 'mt-3 border border-dashed')}
          activeProps={{ className: 'border-solid border-brand/40 text-foreground' }}
          onClick={onNavigate}
        >
          <Plus aria-hidden />
          {t('nav.addProvider')}
        </Link>
      )}
      <a href="/docs" target="_blank" rel="noreferrer" className={item}>
        <BookOpenText aria-hidden />
        {t('nav.apiReference')}
      </a>
    </nav>
  )
}
