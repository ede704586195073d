import { Slot } from 'radix-ui'
import { useId, type ReactNode } from 'react'
import { cn } from './cn.ts'

/** A labelled control with a hint and an error, wired together for screen readers. The child is the control. */
export function Field(props: {
  label: ReactNode
  hint?: ReactNode
  error?: string | undefined
  optional?: string
  className?: string
  children: ReactNode
}) {
  const id = useId()
  const described = [props.hint !== undefined && `${id}-hint`, props.error !== undefined && `${id}-error`]
    .filter(Boolean)
    .join(' ')
  return (
    <div className={cn('grid min-w-0 content-start gap-1.5', props.className)}>
      <label htmlFor={id} className="flex items-baseline justify-between gap-2 text-[13px] font-medium">
        {props.label}
        {props.optional !== undefined && (
          <span className="shrink-0 text-xs font-normal text-muted-foreground">{props.optional}</span>
        )}
      </label>
      <Slot.Root
        id={id}
        aria-invalid={props.error !== undefined}
        {...(described === '' ? {} : { 'aria-describedby': described })}
      >
        {props.children}
      </Slot.Root>
      {props.error !== undefined && (
        <p id={`${id}-error`} className="text-xs text-danger">
          {props.error}
        </p>
      )}
      {props.hint !== undefined && (
        <p id={`${id}-hint`} className="text-xs text-muted-foreground">
          {props.hint}
        </p>
      )}
    </div>
  )
}
