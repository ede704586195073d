/** The course of a figure without axes; decorative, the numbers stand beside it. */
export function Sparkline({ points, className }: { points: readonly number[]; className: string }) {
  const highest = Math.max(...points, 0)
  if (points.length < 2 || highest === 0) return <svg aria-hidden className={className} />
  const line = points
    .map((point, index) => {
      const x = (index / (points.length - 1)) * 100
      const y = 27 - (point / highest) * 25
      return `${x.toFixed(2)},${y.toFixed(2)}`
    })
    .join(' ')
  return (
    <svg aria-hidden viewBox="0 0 100 28" preserveAspectRatio="none" className={className}>
      <polygon points={`0,28 ${line} 100,28`} fill="currentColor" opacity="0.12" />
      <polyline
        points={line}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}
