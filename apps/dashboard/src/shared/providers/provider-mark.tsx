import { cn } from '../ui/cn.ts'
import { providerFacts } from './providers.ts'

/** A coloured tile with one character; decorative, the name always stands beside it. */
export function ProviderMark({ provider, className }: { provider: string; className?: string }) {
  const facts = providerFacts(provider)
  const hue = facts?.hue ?? 220
  return (
    <span
      aria-hidden
      className={cn(
        'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-[13px] font-semibold text-white select-none',
        className,
      )}
      style={{ background: `linear-gradient(160deg, oklch(0.66 0.13 ${hue}), oklch(0.52 0.15 ${hue}))` }}
    >
      {facts?.mark ?? provider.slice(0, 1).toUpperCase()}
    </span>
  )
}
