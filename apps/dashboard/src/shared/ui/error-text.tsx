import { CircleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { errorMessage } from '../i18n/error-message.ts'
import { cn } from './cn.ts'

/** Why the last try was refused; nothing while there is no error. */
export function ErrorText({ error, className }: { error: unknown; className?: string }) {
  const { t } = useTranslation()
  if (error === null || error === undefined) return null
  return (
    <p role="alert" className={cn('flex items-start gap-1.5 text-[13px] text-danger', className)}>
      <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
      <span className="min-w-0 break-words">{errorMessage(error, t)}</span>
    </p>
  )
}
