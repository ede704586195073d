import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import { useState, type ComponentProps, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'
import { cn } from './cn.ts'

interface WindowProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  description?: ReactNode
  children: ReactNode
  className?: string
}

/** A question or a form in front of the page. Scrolls inside itself when the screen is small. */
export function Dialog({ open, onOpenChange, ...content }: WindowProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className={cn(overlay, 'bg-black/35 backdrop-blur-[1px] dark:bg-black/60')} />
        <div className="pointer-events-none fixed inset-0 z-50 flex items-end justify-center p-3 sm:items-center">
          <Window
            {...content}
            className={cn(
              'pointer-events-auto relative max-h-full max-w-lg animate-in rounded-lg border',
              content.className,
            )}
          />
        </div>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

/** A drawer at the side, for the details of a row while the table stays in view. */
export function Sheet({ open, onOpenChange, ...content }: WindowProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className={cn(overlay, 'bg-black/20 dark:bg-black/45')} />
        <Window
          {...content}
          className={cn(
            'fixed inset-y-0 right-0 z-50 max-w-[30rem] animate-sheet border-l',
            content.className,
          )}
        />
      </Primitive.Portal>
    </Primitive.Root>
  )
}

export function DialogFooter({ className, ...props }: ComponentProps<'div'>) {
  return <div className={cn('mt-5 flex flex-wrap justify-end gap-2', className)} {...props} />
}

const overlay = 'fixed inset-0 z-40'

/** Mounted while the window is open, so it knows from its first moment what had the focus before. */
function Window({ title, description, children, className }: Omit<WindowProps, 'open' | 'onOpenChange'>) {
  const [opener] = useState(() => document.activeElement)
  return (
    <Primitive.Content
      {...(description === undefined ? { 'aria-describedby': undefined } : {})}
      onOpenAutoFocus={focusFirstField}
      onCloseAutoFocus={(event) => {
        event.preventDefault()
        if (opener instanceof HTMLElement) opener.focus()
      }}
      className={cn('flex w-full flex-col bg-popover shadow-xl outline-none', className)}
    >
      <div className="min-w-0 py-4 pr-14 pb-3 pl-5">
        <Primitive.Title className="text-base font-semibold break-words">{title}</Primitive.Title>
        {description !== undefined && (
          <Primitive.Description className="mt-0.5 text-[13px] text-muted-foreground">
            {description}
          </Primitive.Description>
        )}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>
      <CloseButton />
    </Primitive.Content>
  )
}

/** Where there is nothing to fill in, the window itself has the focus and no button looks pressed. */
function focusFirstField(event: Event): void {
  const content = event.currentTarget
  if (!(content instanceof HTMLElement)) return
  const field = content.querySelector('input:enabled, select:enabled')
  event.preventDefault()
  if (field instanceof HTMLElement) field.focus()
  else content.focus()
}

function CloseButton() {
  const { t } = useTranslation()
  return (
    <Primitive.Close asChild>
      <Button variant="ghost" size="icon" className="absolute top-3 right-3" aria-label={t('common.close')}>
        <X />
      </Button>
    </Primitive.Close>
  )
}
