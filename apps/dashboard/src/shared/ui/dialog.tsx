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
            className={cn(
              'pointer-events-auto flex max-h-full w-full max-w-lg animate-in flex-col rounded-lg border bg-popover shadow-xl outline-none',
              className,
            )}
          >
            <Heading title={title} description={description} />
            <div className="min-h-0 overflow-y-auto px-5 pb-5">{children}</div>
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
          className={cn(
            'fixed inset-y-0 right-0 z-50 flex w-full max-w-[30rem] animate-sheet flex-col border-l bg-popover shadow-xl outline-none',
            className,
          )}
        >
          <Heading title={title} description={description} />
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-6">{children}</div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

export function DialogFooter({ className, ...props }: ComponentProps<'div'>) {
  return <div className={cn('mt-5 flex flex-wrap justify-end gap-2', className)} {...props} />
}

function Heading({ title, description }: { title: ReactNode; description: ReactNode }) {
  const { t } = useTranslation()
  return (
    <div className="flex items-start justify-between gap-4 px-5 pt-4 pb-3">
      <div className="min-w-0">
        <Primitive.Title className="text-base font-semibold break-words">{title}</Primitive.Title>
        {description !== undefined && (
          <Primitive.Description className="mt-0.5 text-[13px] text-muted-foreground">
            {description}
          </Primitive.Description>
        )}
      </div>
      <Primitive.Close asChild>
        <Button variant="ghost" size="icon" className="-mt-1 -mr-2" aria-label={t('common.close')}>
          <X />
        </Button>
      </Primitive.Close>
    </div>
  )
}
