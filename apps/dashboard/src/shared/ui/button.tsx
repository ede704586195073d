import { cva, type VariantProps } from 'class-variance-authority'
import { LoaderCircle } from 'lucide-react'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

const buttonVariants = cva(
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md text-sm font-medium whitespace-nowrap transition-colors select-none disabled:pointer-events-none disabled:opacity-50 aria-disabled:pointer-events-none aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'bg-primary text-primary-foreground hover:bg-primary/88',
        outline: 'border border-input bg-card hover:bg-muted',
        ghost: 'text-foreground hover:bg-muted',
        danger: 'bg-danger text-white hover:bg-danger/88',
        link: 'text-brand underline-offset-4 hover:underline',
      },
      size: {
        md: 'h-9 px-3.5',
        sm: 'h-8 px-2.5 text-[13px]',
        icon: 'size-8',
        bare: 'h-auto p-0',
      },
    },
    defaultVariants: { variant: 'outline', size: 'md' },
  },
)

type ButtonProps = ComponentProps<'button'> &
  VariantProps<typeof buttonVariants> & {
    /** Puts the look on the child, e.g. a link. */
    asChild?: boolean
    /** Shows that the click is being worked on, and takes no second one. */
    busy?: boolean
  }

export function Button({ className, variant, size, asChild, busy, children, ...props }: ButtonProps) {
  const classes = cn(buttonVariants({ variant, size }), className)
  if (asChild === true) {
    return (
      <Slot.Root className={classes} {...props}>
        {children}
      </Slot.Root>
    )
  }
  return (
    <button
      type="button"
      className={classes}
      {...props}
      disabled={props.disabled === true || busy === true}
      aria-busy={busy}
    >
      {busy === true && <LoaderCircle className="animate-spin" aria-hidden />}
      {children}
    </button>
  )
}
