import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CircleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldErrors } from '../../../shared/api/api-error.ts'
import type { Team } from '../../../shared/api/types.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { Callout } from '../../../shared/ui/callout.tsx'
import { Choice } from '../../../shared/ui/choice.tsx'
import { Dialog, DialogFooter } from '../../../shared/ui/dialog.tsx'
import { ErrorText } from '../../../shared/ui/error-text.tsx'
import { showToast } from '../../../shared/ui/toast.tsx'
import { updateTeam } from '../api/teams.ts'

/** What becomes of a team's requests while nobody can count them. The service refuses "allow" beside hard limits, and says which. */
export function TeamOutageDialog({ team, onClose }: { team: Team; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [onCountersDown, setOnCountersDown] = useState(team.onCountersDown)
  const save = useMutation({
    mutationFn: () => updateTeam(team.name, { onCountersDown }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['teams'] })
      showToast(t('common.saved'))
      onClose()
    },
  })
  const refusal = fieldErrors(save.error).get('onCountersDown')
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('team.outage')}
      description={t('team.outageText')}
      className="max-w-md"
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Choice
          label={t('team.outageLabel')}
          value={onCountersDown}
          segments={[
            { value: 'refuse', label: t('team.onCountersDown.refuse') },
            { value: 'allow', label: t('team.onCountersDown.allow'), testId: 'counters-down-allow' },
          ]}
          onChange={setOnCountersDown}
          hint={t(`team.onCountersDownHint.${onCountersDown}`)}
        />
        {refusal === undefined ? (
          <ErrorText error={save.error} />
        ) : (
          <Callout role="alert" tone="danger" icon={CircleAlert} title={t('team.hardStands')}>
            {refusal}
          </Callout>
        )}
        <DialogFooter className="mt-1">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" busy={save.isPending}>
            {t('common.save')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
