import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { CopyButton } from '../../../shared/ui/copy-button.tsx'

/** The secret of a new key, shown this once. */
export function KeySecret({ secret }: { secret: string }) {
  const { t } = useTranslation()
  return (
    <div className="grid gap-2 rounded-md border border-free/40 bg-free/8 p-3">
      <div className="flex items-center gap-2">
        <code data-testid="key-secret" className="min-w-0 flex-1 font-mono text-[13px] break-all select-all">
          {secret}
        </code>
        <CopyButton text={secret} label={t('common.copy')} />
      </div>
      <p className="flex items-start gap-1.5 text-xs text-muted-foreground">
        <TriangleAlert className="mt-px size-3.5 shrink-0 text-warning" aria-hidden />
        {t('key.shownOnce')}
      </p>
    </div>
  )
}
