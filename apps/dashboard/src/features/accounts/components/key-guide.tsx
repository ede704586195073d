import { ExternalLink, KeyRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { providerFacts } from '../../../shared/providers/providers.ts'
import { Callout } from '../../../shared/ui/callout.tsx'

/** Where on the platform a key is made, and what goes wrong with it most often. */
export function KeyGuide({ provider, className }: { provider: string; className?: string }) {
  const { t } = useTranslation()
  const facts = providerFacts(provider)
  if (facts === undefined) return null
  const { consoleUrl } = facts
  return (
    <Callout
      icon={KeyRound}
      title={t('provider.whereTitle')}
      {...(className === undefined ? {} : { className })}
    >
      <p>{t(`provider.${facts.provider}.where`)}</p>
      {consoleUrl !== undefined && (
        <a
          href={consoleUrl}
          target="_blank"
          rel="noreferrer"
          className="mt-1 inline-flex items-center gap-1 font-medium text-brand hover:underline"
        >
          {new URL(consoleUrl).host}
          <ExternalLink className="size-3.5" aria-hidden />
        </a>
      )}
    </Callout>
  )
}
