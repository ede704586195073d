import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldErrors } from '../../../shared/api/api-error.ts'
import type { Model } from '../../../shared/api/types.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { Dialog, DialogFooter } from '../../../shared/ui/dialog.tsx'
import { ErrorText } from '../../../shared/ui/error-text.tsx'
import { Field } from '../../../shared/ui/field.tsx'
import { Input, Select } from '../../../shared/ui/input.tsx'
import { showToast } from '../../../shared/ui/toast.tsx'
import { createModel, updateModel } from '../api/models.ts'
import { isPolicy, moved, policies, type Policy } from '../policies.ts'

/** A public name over several offerings, and how to choose among them. */
export function RouteDialog(props: {
  /** The model to change; an implicit one becomes a route. Absent: a new name. */
  model?: Model
  /** `account/name` of everything that can serve. */
  offerings: readonly string[]
  onClose: () => void
}) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { model } = props
  const [name, setName] = useState(model?.model ?? '')
  const [policy, setPolicy] = useState<Policy>(
    model !== undefined && isPolicy(model.policy) ? model.policy : 'free-first',
  )
  const [chosen, setChosen] = useState<readonly string[]>(
    model?.offerings.map(({ offering }) => offering) ?? [],
  )
  const save = useMutation({
    mutationFn: () =>
      model?.origin === 'api'
        ? updateModel(model.model, { policy, offerings: [...chosen] })
        : createModel({ name: name.trim(), policy, offerings: [...chosen] }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['models'] })
      showToast(t('common.saved'))
      props.onClose()
    },
  })
  const free = props.offerings.filter((offering) => !chosen.includes(offering))
  const errors = fieldErrors(save.error)
  return (
    <Dialog
      open
      onOpenChange={props.onClose}
      title={model === undefined ? t('model.add') : t('model.editOf', { name: model.model })}
      description={t('model.dialogText')}
      className="max-w-xl"
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        {model === undefined && (
          <Field label={t('model.name')} hint={t('model.nameHint')} error={errors.get('name')}>
            <Input
              required
              placeholder="smart"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
        )}
        <Field label={t('model.policy')} hint={t(`model.policyHint.${policy}`)}>
          <Select
            value={policy}
            onChange={(event) => setPolicy(policies.find((each) => each === event.target.value) ?? policy)}
          >
            {policies.map((each) => (
              <option key={each} value={each}>
                {t(`model.policies.${each}`)}
              </option>
            ))}
          </Select>
        </Field>
        <div className="grid gap-1.5">
          <p className="text-[13px] font-medium">{t('model.offerings')}</p>
          {chosen.length > 0 && (
            <ol className="divide-y rounded-md border">
              {chosen.map((offering, index) => (
                <li key={offering} className="flex items-center gap-1 py-1 pr-1 pl-3 text-[13px]">
                  <span className="min-w-0 flex-1 break-all">{offering}</span>
                  <Button
                    variant="ghost"
                    size="icon"
                    aria-label={t('model.up', { name: offering })}
                    disabled={index === 0}
                    onClick={() => setChosen(moved(chosen, index, -1))}
                  >
                    <ArrowUp />
                  </Button>
                  <Button
                    variant="ghost"
                    size="icon"
                    aria-label={t('model.down', { name: offering })}
                    disabled={index === chosen.length - 1}
                    onClick={() => setChosen(moved(chosen, index, 1))}
                  >
                    <ArrowDown />
                  </Button>
                  <Button
                    variant="ghost"
                    size="icon"
                    aria-label={t('common.remove')}
                    onClick={() => setChosen(chosen.filter((each) => each !== offering))}
                  >
                    <X />
                  </Button>
                </li>
              ))}
            </ol>
          )}
          <Select
            aria-label={t('model.addOffering')}
            value=""
            disabled={free.length === 0}
            onChange={(event) => setChosen([...chosen, event.target.value])}
          >
            <option value="">{t('model.addOffering')}</option>
            {free.map((offering) => (
              <option key={offering}>{offering}</option>
            ))}
          </Select>
          {errors.get('offerings') !== undefined && (
            <p className="text-xs text-danger">{errors.get('offerings')}</p>
          )}
        </div>
        <ErrorText error={save.error} />
        <DialogFooter className="mt-1">
          <Button onClick={props.onClose}>{t('common.cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            busy={save.isPending}
            disabled={chosen.length === 0 || name.trim() === ''}
          >
            {t('common.save')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
