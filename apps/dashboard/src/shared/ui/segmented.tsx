import { ToggleGroup } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'

export interface Segment<T extends string> {
  readonly value: T
  readonly label: ReactNode
  readonly testId?: string
}

/** One choice out of a few, all in view. */
export function Segmented<T extends string>(props: {
  label: string
  value: T
  segments: readonly Segment<T>[]
  onChange: (value: T) => void
  className?: string
}) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={props.label}
      value={props.value}
      onValueChange={(chosen) => {
        const segment = props.segments.find((each) => each.value === chosen)
        if (segment !== undefined) props.onChange(segment.value)
      }}
      className={cn('inline-flex h-8 items-center rounded-md border bg-muted p-0.5', props.className)}
    >
      {props.segments.map((segment) => (
        <ToggleGroup.Item
          key={segment.value}
          value={segment.value}
          data-testid={segment.testId}
          className="h-full rounded-[5px] px-2.5 text-[13px] font-medium whitespace-nowrap text-muted-foreground transition-colors hover:text-foreground data-[state=on]:bg-card data-[state=on]:text-foreground data-[state=on]:shadow-xs"
        >
          {segment.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}
