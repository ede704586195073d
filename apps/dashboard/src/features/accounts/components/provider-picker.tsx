import { Check } from 'lucide-react'
import { RadioGroup } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { ProviderMark } from '../../../shared/providers/provider-mark.tsx'
import { providers } from '../../../shared/providers/providers.ts'

/** The platforms as cards, each under the names its users know. */
export function ProviderPicker(props: {
  value: string | undefined
  /** Platforms that this release has an adapter for. */
  available: readonly string[]
  onChange: (provider: string) => void
  /** Accounts that exist already, by platform. */
  accounts: ReadonlyMap<string, number>
}) {
  const { t } = useTranslation()
  return (
    <RadioGroup.Root
      aria-label={t('wizard.provider.title')}
      {...(props.value === undefined ? {} : { value: props.value })}
      onValueChange={props.onChange}
      className="grid gap-2.5 sm:grid-cols-2 xl:grid-cols-4"
    >
      {providers.map(({ provider, chinese, english }) => {
        const existing = props.accounts.get(provider) ?? 0
        return (
          <RadioGroup.Item
            key={provider}
            value={provider}
            disabled={!props.available.includes(provider)}
            data-testid={`provider-card-${provider}`}
            className="group relative flex items-start gap-3 rounded-lg border bg-card p-3.5 text-left transition-colors hover:border-input hover:bg-muted/50 disabled:opacity-50 data-[state=checked]:border-brand data-[state=checked]:bg-accent/50 data-[state=checked]:ring-1 data-[state=checked]:ring-brand"
          >
            <ProviderMark provider={provider} className="size-9 text-base" />
            <span className="min-w-0 flex-1">
              <span className="block leading-tight font-semibold">{chinese}</span>
              <span className="block text-xs text-muted-foreground">{english}</span>
              <span className="mt-1.5 block text-xs text-muted-foreground">
                {t(`provider.${provider}.models`)}
              </span>
              {existing > 0 && (
                <span className="mt-1 block text-xs text-brand">
                  {t('provider.existing', { count: existing })}
                </span>
              )}
            </span>
            <RadioGroup.Indicator className="absolute top-3 right-3 text-brand">
              <Check className="size-4" strokeWidth={2.6} />
            </RadioGroup.Indicator>
          </RadioGroup.Item>
        )
      })}
    </RadioGroup.Root>
  )
}
