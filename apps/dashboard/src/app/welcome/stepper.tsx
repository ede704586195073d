import { Check } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ReactNode } from 'react'
import { Button } from '../../shared/ui/button.tsx'
import { cn } from '../../shared/ui/cn.ts'

export const steps = ['provider', 'credentials', 'grants', 'team', 'try'] as const
export type Step = (typeof steps)[number]

/** Where one is. Going back is the button below, since later steps depend on earlier ones. */
export function Stepper({ current }: { current: Step }) {
  const { t } = useTranslation()
  const at = steps.indexOf(current)
  return (
    <ol
      className="mb-5 flex items-center gap-2 overflow-x-auto pb-1 text-[13px]"
      aria-label={t('wizard.steps')}
    >
      {steps.map((step, index) => (
        <li
          key={step}
          aria-current={index === at ? 'step' : undefined}
          className={cn(
            'flex items-center gap-2 whitespace-nowrap',
            index === at ? 'font-medium' : 'text-muted-foreground',
            index < steps.length - 1 &&
              'after:ml-1 after:hidden after:h-px after:w-5 after:bg-border sm:after:block lg:after:w-10',
          )}
        >
          <span
            className={cn(
              'flex size-5.5 shrink-0 items-center justify-center rounded-full border text-[11px] tabular-nums',
              index < at && 'border-brand bg-brand text-card',
              index === at && 'border-brand text-brand',
            )}
          >
            {index < at ? <Check className="size-3" strokeWidth={3} aria-hidden /> : index + 1}
          </span>
          <span className={cn(index !== at && 'hidden sm:inline')}>{t(`wizard.step.${step}`)}</span>
        </li>
      ))}
    </ol>
  )
}

/** What is asked in a step. */
export function StepHeading({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="mb-4">
      <h2 className="text-base font-semibold">{title}</h2>
      {children !== undefined && <p className="max-w-3xl text-[13px] text-muted-foreground">{children}</p>}
    </div>
  )
}

/** Back at the left, on at the right. */
export function StepFooter(props: {
  onBack?: () => void
  onNext: () => void
  nextLabel?: string
  nextDisabled?: boolean
  /** Going on is possible but not advised. */
  discouraged?: boolean
  busy?: boolean
  /** More actions before "next", e.g. to skip the step. */
  children?: ReactNode
}) {
  const { t } = useTranslation()
  return (
    <div className="mt-6 flex flex-wrap items-center gap-2 border-t pt-4">
      {props.onBack !== undefined && (
        <Button variant="ghost" onClick={props.onBack}>
          {t('wizard.back')}
        </Button>
      )}
      <div className="ml-auto flex flex-wrap items-center gap-2">
        {props.children}
        <Button
          variant={props.discouraged === true ? 'outline' : 'primary'}
          data-testid="wizard-next"
          disabled={props.nextDisabled === true}
          busy={props.busy === true}
          onClick={props.onNext}
        >
          {props.nextLabel ?? t('wizard.next')}
        </Button>
      </div>
    </div>
  )
}
