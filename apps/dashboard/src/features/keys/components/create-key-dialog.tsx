import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldErrors } from '../../../shared/api/api-error.ts'
import type { CreatedKey } from '../../../shared/api/types.ts'
import { fromDateInput } from '../../../shared/format/time.ts'
import { useInstallation } from '../../../shared/session/session.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { Dialog, DialogFooter } from '../../../shared/ui/dialog.tsx'
import { ErrorText } from '../../../shared/ui/error-text.tsx'
import { Field } from '../../../shared/ui/field.tsx'
import { Input, Select } from '../../../shared/ui/input.tsx'
import { createKey } from '../api/keys.ts'
import { KeySecret } from './key-secret.tsx'
import { SnippetPanel } from './snippet-panel.tsx'

interface KeyDialogProps {
  /** Teams to choose from; with one there is no choice to make. */
  teams: readonly string[]
  /** Members of that one team, when the page knows them. */
  members?: readonly string[]
  /** A model for the snippets. */
  model: string
  onClose: () => void
}

/** Makes a key and then shows it, once, with code to paste. */
export function CreateKeyDialog(props: KeyDialogProps) {
  const { t } = useTranslation()
  const { baseUrl } = useInstallation()
  const [created, setCreated] = useState<CreatedKey>()
  if (created === undefined) return <KeyForm {...props} onCreated={setCreated} />
  return (
    <Dialog
      open
      onOpenChange={props.onClose}
      title={t('key.created', { name: created.key.name })}
      className="max-w-2xl"
    >
      <div className="grid gap-4">
        <KeySecret secret={created.secret} />
        <SnippetPanel connection={{ baseUrl, secret: created.secret, model: props.model }} />
      </div>
      <DialogFooter>
        <Button variant="primary" onClick={props.onClose}>
          {t('key.stored')}
        </Button>
      </DialogFooter>
    </Dialog>
  )
}

function KeyForm(props: KeyDialogProps & { onCreated: (created: CreatedKey) => void }) {
  const { t } = useTranslation()
  const { timeZone } = useInstallation()
  const client = useQueryClient()
  const [team, setTeam] = useState(props.teams[0] ?? '')
  const [values, setValues] = useState({ name: '', member: '', models: '', allowedIps: '', expiresAt: '' })
  const change = (part: Partial<typeof values>) => setValues((before) => ({ ...before, ...part }))
  const save = useMutation({
    mutationFn: () => {
      const models = words(values.models)
      const allowedIps = words(values.allowedIps)
      return createKey(team, {
        name: values.name.trim(),
        ...(values.member === '' ? {} : { member: values.member }),
        ...(models.length === 0 ? {} : { models }),
        ...(allowedIps.length === 0 ? {} : { allowedIps }),
        ...(values.expiresAt === '' ? {} : { expiresAt: fromDateInput(values.expiresAt, timeZone) }),
      })
    },
    onSuccess: (created) => {
      void client.invalidateQueries({ queryKey: ['keys'] })
      void client.invalidateQueries({ queryKey: ['teams'] })
      props.onCreated(created)
    },
  })
  const errors = fieldErrors(save.error)
  return (
    <Dialog open onOpenChange={props.onClose} title={t('key.add')} description={t('key.addText')}>
      <form
        className="grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        {props.teams.length > 1 && (
          <Field label={t('key.team')} className="sm:col-span-2">
            <Select value={team} onChange={(event) => setTeam(event.target.value)}>
              {props.teams.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          </Field>
        )}
        <Field label={t('key.name')} error={errors.get('name')} className="sm:col-span-2">
          <Input
            autoFocus
            required
            data-testid="key-name"
            placeholder="notebook"
            value={values.name}
            onChange={(event) => change({ name: event.target.value })}
          />
        </Field>
        {props.members !== undefined && props.members.length > 0 && (
          <Field label={t('key.member')} optional={t('common.optional')}>
            <Select value={values.member} onChange={(event) => change({ member: event.target.value })}>
              <option value="">{t('quota.wholeTeam')}</option>
              {props.members.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          </Field>
        )}
        <Field label={t('key.expiresAt')} optional={t('common.optional')} error={errors.get('expiresAt')}>
          <Input
            type="date"
            value={values.expiresAt}
            onChange={(event) => change({ expiresAt: event.target.value })}
          />
        </Field>
        <Field
          label={t('key.models')}
          optional={t('common.optional')}
          hint={t('key.modelsHint')}
          error={errors.get('models')}
        >
          <Input
            className="font-mono text-[13px]"
            placeholder="*"
            value={values.models}
            onChange={(event) => change({ models: event.target.value })}
          />
        </Field>
        <Field
          label={t('key.allowedIps')}
          optional={t('common.optional')}
          hint={t('key.allowedIpsHint')}
          error={errors.get('allowedIps')}
        >
          <Input
            className="font-mono text-[13px]"
            placeholder="10.0.0.0/8"
            value={values.allowedIps}
            onChange={(event) => change({ allowedIps: event.target.value })}
          />
        </Field>
        <ErrorText error={save.error} className="sm:col-span-2" />
        <DialogFooter className="mt-1 sm:col-span-2">
          <Button onClick={props.onClose}>{t('common.cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            busy={save.isPending}
            disabled={values.name.trim() === '' || team === ''}
            data-testid="create-key"
          >
            {t('key.create')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

function words(text: string): string[] {
  return text.split(/[\s,，]+/).filter((word) => word !== '')
}
