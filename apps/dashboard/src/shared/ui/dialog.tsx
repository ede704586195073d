import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
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

const overlay = 'fixed inset-0 z-40 bg-black/35 backdrop-blur-[1px] dark:bg-black/60'

/** A question or a form in front of the page. Scrolls inside itself when the screen is small. */
export function Dialog({ open, onOpenChange, title, description, children, className }: WindowProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className={overlay} />
        <div className="pointer-events-none fixed inset-0 z-50 flex items-end justify-center p-3 sm:items-center">
          <Primitive.Content
            {...(description === undefined ? { 'aria-describedby': undefined } : {})}
            // The first field, also when a menu that closes behind the dialog claims the focus.
            onOpenAutoFocus={(event) => {
              const content = event.currentTarget
              const field =
                content instanceof HTMLElement && content.querySelector('input:enabled, select:enabled')
              if (!(field instanceof HTMLElement)) return
              event.preventDefault()
              field.focus()
            }}
            className={cn(
              'pointer-events-auto relative flex max-h-full w-full max-w-lg animate-in flex-col rounded-lg border bg-popover shadow-xl outline-none',
              className,
            )}
          >
            <Heading title={title} description={description} />
            <div className="min-h-0 overflow-y-auto px-5 pb-5">{children}</div>
            <CloseButton />
          </Primitive.Content>
        </div>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

/** A drawer at the side, for the details of a row while the table stays in view. */
export function Sheet({ open, onOpenChange, title, description, children, className }: WindowProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className={cn(overlay, 'bg-black/20 backdrop-blur-none dark:bg-black/45')} />
        <Primitive.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          // There is nothing to fill in: the drawer itself takes the focus, not the first button in it.
          onOpenAutoFocus={(event) => {
            event.preventDefault()
            if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus()
          }}
          className={cn(
            'fixed inset-y-0 right-0 z-50 flex w-full max-w-[30rem] animate-sheet flex-col border-l bg-popover shadow-xl outline-none',
            className,
          )}
        >
          <Heading title={title} description={description} />
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-6">{children}</div>
          <CloseButton />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

export function DialogFooter({ className, ...props }: ComponentProps<'div'>) {
  return <div className={cn('mt-5 flex flex-wrap justify-end gap-2', className)} {...props} />
}

function Heading({ title, description }: { title: ReactNode; description: ReactNode }) {
  return (
    <div className="min-w-0 py-4 pr-14 pb-3 pl-5">
      <Primitive.Title className="text-base font-semibold break-words">{title}</Primitive.Title>
      {description !== undefined && (
        <Primitive.Description className="mt-0.5 text-[13px] text-muted-foreground">
          {description}
        </Primitive.Description>
      )}
    </div>
  )
}

/** Last in the order of the keyboard, so that a form gets the focus on its first field. */
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
