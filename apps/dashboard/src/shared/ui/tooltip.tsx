import { Tooltip as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'

export const TooltipProvider = Primitive.Provider

/** Words for a pointer or a keyboard focus; the child must be able to take both. */
export function Tooltip({
  label,
  children,
  className,
}: {
  label: ReactNode
  children: ReactNode
  className?: string
}) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          sideOffset={6}
          collisionPadding={8}
          className={cn(
            'z-60 max-w-72 animate-in rounded-md bg-foreground px-2.5 py-1.5 text-xs text-background tabular-nums shadow-md',
            className,
          )}
        >
          {label}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
