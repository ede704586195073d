import { Plus, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../shared/ui/button.tsx'
import { Input } from '../../../shared/ui/input.tsx'
import { emptyModelRow, type ModelRow } from '../account-form.ts'

/** Models that are named by hand: of a server, or with endpoints, of one's own. An empty price means "unknown": such a model bills nothing and guards nothing. */
export function ModelRows(props: {
  rows: readonly ModelRow[]
  /** One must be named; else none means all that are known. */
  needed: boolean
  onChange: (rows: readonly ModelRow[]) => void
  error: string | undefined
}) {
  const { t } = useTranslation()
  const edit = (index: number, change: Partial<ModelRow>) =>
    props.onChange(props.rows.map((row, at) => (at === index ? { ...row, ...change } : row)))
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-[13px] font-medium">{t('account.models')}</legend>
      {props.rows.map((row, index) => (
        <div key={index} className="grid grid-cols-2 gap-2 sm:grid-cols-[1.3fr_1.5fr_6.5rem_6.5rem_auto]">
          <Input
            aria-label={t('account.modelName')}
            placeholder={t('account.modelName')}
            data-testid={`model-name-${index}`}
            value={row.name}
            onChange={(event) => edit(index, { name: event.target.value })}
          />
          <Input
            aria-label={t('account.modelUpstream')}
            placeholder={t('account.modelUpstream')}
            data-testid={`model-upstream-${index}`}
            value={row.upstream}
            onChange={(event) => edit(index, { upstream: event.target.value })}
          />
          <Input
            aria-label={t('account.priceIn')}
            placeholder={t('account.priceIn')}
            inputMode="decimal"
            data-testid={`model-input-price-${index}`}
            value={row.inputPerMillion}
            onChange={(event) => edit(index, { inputPerMillion: event.target.value })}
          />
          <Input
            aria-label={t('account.priceOut')}
            placeholder={t('account.priceOut')}
            inputMode="decimal"
            data-testid={`model-output-price-${index}`}
            value={row.outputPerMillion}
            onChange={(event) => edit(index, { outputPerMillion: event.target.value })}
          />
          <Button
            variant="ghost"
            size="icon"
            className="self-center"
            aria-label={t('common.remove')}
            disabled={props.needed && props.rows.length === 1}
            onClick={() => props.onChange(props.rows.filter((_, at) => at !== index))}
          >
            <Trash2 />
          </Button>
        </div>
      ))}
      {props.error !== undefined && <p className="text-xs text-danger">{props.error}</p>}
      {!props.needed && <p className="text-xs text-muted-foreground">{t('account.ownEndpointsHint')}</p>}
      <p className="text-xs text-muted-foreground">{t('account.modelsHint')}</p>
      <Button
        size="sm"
        className="justify-self-start"
        onClick={() => props.onChange([...props.rows, emptyModelRow])}
      >
        <Plus />
        {t('account.addModel')}
      </Button>
    </fieldset>
  )
}
