import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { useQueryClient } from '@tanstack/react-query'
import { FlaskConical, Menu as MenuIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { signOut } from '../../features/session/api/session.ts'
import { UserMenu } from '../../features/session/components/user-menu.tsx'
import { useInstallation } from '../../shared/session/session.ts'
import { errorMessage } from '../../shared/i18n/error-message.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Sheet } from '../../shared/ui/dialog.tsx'
import { Logo } from '../../shared/ui/logo.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { Navigation } from './navigation.tsx'
import { useSessionEnd } from './use-session-end.ts'

/** Navigation at the left and the page beside it; on a phone the navigation is behind a button. */
export function AppShell() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  useSessionEnd()
  return (
    <div className="min-h-dvh lg:pl-56">
      <a
        href="#content"
        className="sr-only rounded-md bg-foreground px-3 py-2 text-sm text-background focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-60"
      >
        {t('nav.skip')}
      </a>
      <aside className="fixed inset-y-0 left-0 z-30 hidden w-56 flex-col border-r bg-card lg:flex">
        <SideBar />
      </aside>
      <header className="sticky top-0 z-30 flex h-13 items-center gap-2 border-b bg-card/90 px-3 backdrop-blur lg:hidden">
        <Button variant="ghost" size="icon" aria-label={t('nav.open')} onClick={() => setOpen(true)}>
          <MenuIcon />
        </Button>
        <Brand />
      </header>
      <Sheet
        open={open}
        onOpenChange={setOpen}
        title={<Brand />}
        className="right-auto left-0 max-w-64 border-r border-l-0"
      >
        <div className="-mx-3 flex min-h-full flex-col">
          <SideBar onNavigate={() => setOpen(false)} bare />
        </div>
      </Sheet>
      <main id="content" className="mx-auto w-full max-w-[84rem] px-3 py-5 sm:px-6 lg:px-8 lg:py-7">
        <Outlet />
      </main>
    </div>
  )
}

function SideBar({ onNavigate, bare }: { onNavigate?: () => void; bare?: boolean }) {
  const { t } = useTranslation()
  const { version, demo } = useInstallation()
  const navigate = useNavigate()
  const client = useQueryClient()
  async function leave(): Promise<void> {
    try {
      await signOut()
    } catch (error) {
      showToast(errorMessage(error, t), 'danger')
      return
    }
    await navigate({ to: '/sign-in' })
    client.clear()
  }
  return (
    <>
      {bare !== true && (
        <div className="px-4 pt-4 pb-3">
          <Brand />
        </div>
      )}
      <Navigation {...(onNavigate === undefined ? {} : { onNavigate })} />
      <div className="mt-auto grid gap-2 p-2.5">
        {demo && (
          <p className="flex items-start gap-2 rounded-md bg-free/10 px-2.5 py-2 text-xs text-success-foreground">
            <FlaskConical className="mt-px size-3.5 shrink-0" aria-hidden />
            {t('nav.demo')}
          </p>
        )}
        <UserMenu onSignOut={() => void leave()} />
        <p className="px-2 text-[11px] text-muted-foreground">Tollgate {version}</p>
      </div>
    </>
  )
}

function Brand() {
  return (
    <Link to="/" className="flex items-center gap-2.5">
      <Logo className="size-6.5" />
      <span className="text-[15px] font-semibold tracking-tight">Tollgate</span>
    </Link>
  )
}
