import { Languages } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { chooseLanguage } from '../../../shared/i18n/i18n.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { Logo } from '../../../shared/ui/logo.tsx'

/** The page around sign-in and set-up: one card, the product's sentence, and the language switch. */
export function EntryFrame({ title, children }: { title: string; children: ReactNode }) {
  const { t, i18n } = useTranslation()
  const other = i18n.language === 'en' ? 'zh-CN' : 'en'
  return (
    <div className="flex min-h-dvh flex-col">
      <title>{`${title} · Tollgate`}</title>
      <div className="flex justify-end p-3">
        <Button variant="ghost" size="sm" onClick={() => void chooseLanguage(other)}>
          <Languages />
          {other === 'en' ? 'English' : '中文'}
        </Button>
      </div>
      <main className="mx-auto flex w-full max-w-[25rem] flex-1 flex-col px-4 pt-[8vh] pb-16">
        <div className="mb-7 flex items-center gap-3">
          <Logo className="size-10" />
          <div>
            <p className="text-lg leading-tight font-semibold tracking-tight">Tollgate</p>
            <p className="text-[13px] text-muted-foreground">{t('session.tagline')}</p>
          </div>
        </div>
        <section className="rounded-lg border bg-card p-5 shadow-xs sm:p-6">
          <h1 className="mb-4 text-base font-semibold">{title}</h1>
          {children}
        </section>
      </main>
    </div>
  )
}
