import { Check } from 'lucide-react'
import { DropdownMenu as Primitive } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

export const Menu = Primitive.Root
export const MenuTrigger = Primitive.Trigger
export const MenuRadioGroup = Primitive.RadioGroup

const item =
  'flex h-8 cursor-default items-center gap-2 rounded-sm px-2 text-[13px] outline-none select-none data-[disabled]:opacity-45 data-[highlighted]:bg-muted [&_svg]:size-4 [&_svg]:text-muted-foreground'

export function MenuContent({ className, ...props }: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Content
        sideOffset={6}
        collisionPadding={8}
        className={cn('z-60 min-w-44 animate-in rounded-md border bg-popover p-1 shadow-lg', className)}
        {...props}
      />
    </Primitive.Portal>
  )
}

export function MenuItem({
  className,
  danger,
  onSelect,
  ...props
}: Omit<ComponentProps<typeof Primitive.Item>, 'onSelect'> & { danger?: boolean; onSelect: () => void }) {
  return (
    <Primitive.Item
      className={cn(item, danger === true && 'text-danger [&_svg]:text-danger', className)}
      // The closing menu gives the focus back to its button, a timer later; a dialog that opens after that
      // remembers the button and returns the focus there, instead of to an item that is gone.
      onSelect={() => setTimeout(onSelect, 20)}
      {...props}
    />
  )
}

export function MenuRadioItem({ className, children, ...props }: ComponentProps<typeof Primitive.RadioItem>) {
  return (
    <Primitive.RadioItem className={cn(item, 'pr-7', className)} {...props}>
      {children}
      <Primitive.ItemIndicator className="absolute right-3">
        <Check />
      </Primitive.ItemIndicator>
    </Primitive.RadioItem>
  )
}

export function MenuLabel({ className, ...props }: ComponentProps<typeof Primitive.Label>) {
  return (
    <Primitive.Label className={cn('px-2 pt-1.5 pb-1 text-xs text-muted-foreground', className)} {...props} />
  )
}

export function MenuSeparator() {
  return <Primitive.Separator className="-mx-1 my-1 h-px bg-border" />
}
