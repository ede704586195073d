import { ExternalLink, KeyRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { findKeyPlace } from '../../../shared/providers/key-places.ts'
import { providerFacts } from '../../../shared/providers/providers.ts'
import { Callout } from '../../../shared/ui/callout.tsx'

/** Where on the platform a key is made, and what goes wrong with it most often. */
export function KeyGuide(props: {
  provider: string
  /** What was chosen so far; without it the guide is for the platform's usual keys. */
  protocol?: string | undefined
  way?: string | undefined
  className?: string
}) {
  const { t } = useTranslation()
  const facts = providerFacts(props.provider)
  if (facts === undefined) return null
  const special = findKeyPlace(props.protocol ?? '', props.way ?? '')
  const { consoleUrl } = special ?? facts
  return (
    <Callout
      icon={KeyRound}
      title={t('provider.whereTitle')}
      data-testid="key-guide"
      {...(props.className === undefined ? {} : { className: props.className })}
    >
      <p>{special === undefined ? t(`provider.${facts.provider}.where`) : t(`keyPlace.${special.place}`)}</p>
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
