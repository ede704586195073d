import { useTranslation } from 'react-i18next'

const jobs = [
  'sweep-reservations',
  'expire-grants',
  'reprice-usage',
  'keep-partitions',
  'verify-books',
] as const

/** Which of the jobs we have words for this is. */
export function knownJob(name: string): (typeof jobs)[number] | undefined {
  return jobs.find((each) => each === name)
}

/** A job in words; one that this page does not know yet by its own name. */
export function useJobName(): (name: string) => string {
  const { t } = useTranslation()
  return (name) => {
    const known = knownJob(name)
    return known === undefined ? name : t(`job.name.${known}`)
  }
}
