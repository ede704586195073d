import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { providers, providerName } from '../../../shared/providers/providers.ts'
import { Button } from '../../../shared/ui/button.tsx'
import { Input, Select } from '../../../shared/ui/input.tsx'
import { requestStatuses, type RequestFilters } from '../api/requests.ts'

/** What to see of the log; the address holds it, so a view can be sent to somebody. */
export function RequestFilterBar(props: {
  filters: RequestFilters
  teams: readonly string[]
  onChange: (filters: RequestFilters) => void
}) {
  const { t, i18n } = useTranslation()
  const { filters } = props
  const change = (name: 'team' | 'provider' | 'model', value: string) => {
    const { [name]: _before, ...others } = filters
    props.onChange(value === '' ? others : { ...others, [name]: value })
  }
  const changeStatus = (value: string) => {
    const { status: _before, ...others } = filters
    const status = requestStatuses.find((each) => each === value)
    props.onChange(status === undefined ? others : { ...others, status })
  }
  return (
    <div className="grid grid-cols-2 gap-2 border-b p-3 sm:flex sm:flex-wrap sm:px-5">
      <Select
        className="sm:w-40 [&_select]:h-8 [&_select]:text-[13px]"
        aria-label={t('key.team')}
        value={filters.team ?? ''}
        onChange={(event) => change('team', event.target.value)}
      >
        <option value="">{t('request.allTeams')}</option>
        {props.teams.map((team) => (
          <option key={team}>{team}</option>
        ))}
      </Select>
      <Select
        className="sm:w-40 [&_select]:h-8 [&_select]:text-[13px]"
        aria-label={t('nav.providers')}
        value={filters.provider ?? ''}
        onChange={(event) => change('provider', event.target.value)}
      >
        <option value="">{t('request.allProviders')}</option>
        {providers.map(({ provider }) => (
          <option key={provider} value={provider}>
            {providerName(provider, i18n.language)}
          </option>
        ))}
      </Select>
      <Select
        className="sm:w-36 [&_select]:h-8 [&_select]:text-[13px]"
        aria-label={t('request.statusLabel')}
        value={filters.status ?? ''}
        onChange={(event) => changeStatus(event.target.value)}
      >
        <option value="">{t('request.allStatuses')}</option>
        {requestStatuses.map((status) => (
          <option key={status} value={status}>
            {t(`request.status.${status}`)}
          </option>
        ))}
      </Select>
      <form
        key={filters.model ?? ''}
        onSubmit={(event) => {
          event.preventDefault()
          const typed = new FormData(event.currentTarget).get('model')
          change('model', typeof typed === 'string' ? typed.trim() : '')
        }}
      >
        <Input
          name="model"
          className="h-8 text-[13px] sm:w-52"
          placeholder={t('request.modelFilter')}
          aria-label={t('account.model')}
          defaultValue={filters.model ?? ''}
          onBlur={(event) => {
            if (event.target.value.trim() !== (filters.model ?? ''))
              change('model', event.target.value.trim())
          }}
        />
      </form>
      {Object.keys(filters).length > 0 && (
        <Button size="sm" variant="ghost" onClick={() => props.onChange({})}>
          <X />
          {t('request.clear')}
        </Button>
      )}
    </div>
  )
}
