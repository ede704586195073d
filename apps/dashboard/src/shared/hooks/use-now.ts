import { useEffect, useState } from 'react'

/** The wall clock, re-read at an interval, so that countdowns go on between two answers of the service. */
export function useNow(intervalMs = 30_000): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), intervalMs)
    return () => clearInterval(timer)
  }, [intervalMs])
  return now
}
