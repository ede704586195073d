import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'

const path = join(import.meta.dirname, 'results.md')

/** Puts what one benchmark measured into results.md, and leaves the other sections as they are. */
export function writeSection(heading: string, text: string): void {
  const machine = `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`
  const section = `## ${heading}\n\n${new Date().toISOString().slice(0, 10)}, ${machine}. ${text.trim()}\n`
  const [title = '# Results\n', ...others] = readFileSync(path, 'utf8').split(/^(?=## )/m)
  const index = others.findIndex((other) => other.startsWith(`## ${heading}\n`))
  if (index < 0) others.push(section)
  else others[index] = section
  writeFileSync(path, [title, ...others].map((part) => part.trim()).join('\n\n') + '\n')
}
