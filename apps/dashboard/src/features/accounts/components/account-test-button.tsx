import { useMutation, useQueryClient } from '@tanstack/react-query'
import { PlugZap } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { errorMessage } from '../../../shared/i18n/error-message.ts'
import { formatDuration } from '../../../shared/format/time.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { showToast } from '../../../shared/ui/toast.tsx'
import { testAccount } from '../api/accounts.ts'
import { ConnectionResult } from './connection-result.tsx'

/** Tries the stored credentials. Success is a word at the edge, failure explains itself in a window. */
export function AccountTestButton({ name }: { name: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const test = useMutation({
    mutationFn: () => testAccount(name),
    onSuccess: (result) => {
      void client.invalidateQueries({ queryKey: ['accounts'] })
      if (result.ok) showToast(t('connection.okToast', { name, duration: formatDuration(result.latencyMs) }))
    },
    onError: (error) => showToast(errorMessage(error, t), 'danger'),
  })
  return (
    <>
      <Button
        size="sm"
        busy={test.isPending}
        onClick={() => test.mutate()}
        data-testid={`test-account-${name}`}
      >
        {!test.isPending && <PlugZap />}
        {t('connection.test')}
      </Button>
      {test.data?.ok === false && (
        <Dialog open onOpenChange={() => test.reset()} title={t('connection.testOf', { name })}>
          <ConnectionResult result={test.data} />
        </Dialog>
      )}
    </>
  )
}
