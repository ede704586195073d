import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'
import { Dialog, DialogFooter } from './dialog.tsx'
import { ErrorText } from './error-text.tsx'

/** Asks before something is deleted or revoked, and stays open with the reason when that is refused. */
export function ConfirmDialog(props: {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  children: ReactNode
  action: string
  onConfirm: () => Promise<unknown>
}) {
  const { t } = useTranslation()
  const confirm = useMutation({ mutationFn: props.onConfirm, onSuccess: () => props.onOpenChange(false) })
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange} title={props.title} className="max-w-md">
      <div className="text-sm text-muted-foreground">{props.children}</div>
      <ErrorText error={confirm.error} className="mt-3" />
      <DialogFooter>
        <Button onClick={() => props.onOpenChange(false)}>{t('common.cancel')}</Button>
        <Button variant="danger" busy={confirm.isPending} onClick={() => confirm.mutate()}>
          {props.action}
        </Button>
      </DialogFooter>
    </Dialog>
  )
}
