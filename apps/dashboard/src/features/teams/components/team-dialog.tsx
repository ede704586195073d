import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldErrors } from '../../../shared/api/api-error.ts'
import type { Team } from '../../../shared/api/types.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { Dialog, DialogFooter } from '../../../shared/ui/dialog.tsx'
import { ErrorText } from '../../../shared/ui/error-text.tsx'
import { createTeam } from '../api/teams.ts'
import { isTeamComplete, newTeam, TeamFields, toTeamInput } from './team-fields.tsx'

export function TeamDialog(props: { onClose: () => void; onCreated: (team: Team) => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [values, setValues] = useState(newTeam)
  const save = useMutation({
    mutationFn: () => createTeam(toTeamInput(values)),
    onSuccess: (team) => {
      void client.invalidateQueries({ queryKey: ['teams'] })
      props.onCreated(team)
    },
  })
  return (
    <Dialog
      open
      onOpenChange={props.onClose}
      title={t('team.add')}
      description={t('team.addText')}
      className="max-w-xl"
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (isTeamComplete(values)) save.mutate()
        }}
      >
        <TeamFields values={values} onChange={setValues} errors={fieldErrors(save.error)} />
        <ErrorText error={save.error} />
        <DialogFooter className="mt-1">
          <Button onClick={props.onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" busy={save.isPending} disabled={!isTeamComplete(values)}>
            {t('team.create')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
