import { useId, type ReactNode } from 'react'
import { Segmented, type Segment } from './segmented.tsx'

/** A labelled choice out of a few, with what the chosen one means. */
export function Choice<T extends string>(props: {
  label: string
  value: T
  segments: readonly Segment<T>[]
  onChange: (value: T) => void
  hint?: ReactNode
}) {
  const hintId = useId()
  return (
    <div
      className="grid justify-items-start gap-1.5"
      role="group"
      {...(props.hint === undefined ? {} : { 'aria-describedby': hintId })}
    >
      <span className="text-[13px] font-medium">{props.label}</span>
      <Segmented {...props} />
      {props.hint !== undefined && (
        <p id={hintId} className="text-xs text-muted-foreground">
          {props.hint}
        </p>
      )}
    </div>
  )
}
