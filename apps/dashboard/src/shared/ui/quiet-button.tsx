import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'

/** The way to what few people need, in a form: there for those who look for it, and nothing to the others. */
export function QuietButton({
  icon: Icon,
  children,
  ...props
}: Omit<ComponentProps<'button'>, 'className'> & { icon: LucideIcon }) {
  return (
    <button
      type="button"
      className="-mt-1 flex items-start gap-1.5 justify-self-start rounded text-left text-[13px] text-muted-foreground hover:text-foreground"
      {...props}
    >
      <Icon className="mt-0.5 size-3.5 shrink-0" aria-hidden />
      {children}
    </button>
  )
}
