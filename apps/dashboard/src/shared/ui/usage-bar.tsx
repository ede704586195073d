import { cn } from './cn.ts'

/**
 * Used, held and left of a limit as one bar. `tone` colours the used part: a grant is calm until it is gone,
 * a quota turns amber at 80 % and red at 100 %.
 */
export function UsageBar(props: {
  usedPercent: number
  heldPercent: number
  tone: 'free' | 'brand' | 'warning' | 'danger' | 'muted'
  label: string
  className?: string
}) {
  const used = clamp(props.usedPercent)
  const held = Math.min(clamp(props.heldPercent), 100 - used)
  return (
    <div
      role="progressbar"
      aria-label={props.label}
      aria-valuenow={Math.round(used)}
      aria-valuemin={0}
      aria-valuemax={100}
      className={cn('flex h-2 w-full overflow-hidden rounded-full bg-track', props.className)}
    >
      <div
        className={cn('h-full transition-[width] duration-500', tones[props.tone])}
        style={{ width: `${visible(used)}%` }}
      />
      <div
        className="h-full bg-hatched transition-[width] duration-500"
        style={{ width: `${visible(held)}%` }}
      />
    </div>
  )
}

/** Tone of a quota by how much of it is settled or held. */
export function quotaTone(percent: number): 'brand' | 'warning' | 'danger' {
  if (percent >= 100) return 'danger'
  return percent >= 80 ? 'warning' : 'brand'
}

/** Part of a whole in percent; both may be counts or decimal strings of money. */
export function percentOf(part: number | string, whole: number | string): number {
  const total = Number(whole)
  return total > 0 ? (Number(part) / total) * 100 : 0
}

const tones = {
  free: 'bg-free',
  brand: 'bg-brand',
  warning: 'bg-warning',
  danger: 'bg-danger',
  muted: 'bg-muted-foreground/45',
} as const

/** Something is never drawn as nothing. */
function visible(percent: number): number {
  return percent > 0 ? Math.max(percent, 0.75) : 0
}

function clamp(percent: number): number {
  return Math.min(100, Math.max(0, percent))
}
