import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { countFigure } from '../apps/api/test/support/figures.ts'
import { formatDuration, sumFigures } from './sum-figures.ts'

describe('what a test run says it did', () => {
  it('is the sum of what each process counted, crashes first', () => {
    const lines = 'requests 1000\ncrashes 3\ninterleavings 500\nrequests 234\ncrashes 200\n'
    expect(sumFigures(lines)).toBe('203 crashes, 500 interleavings, 1,234 requests')
  })

  it('leaves out a line that a killed process did not finish', () => {
    expect(sumFigures('crashes 2\ncrash')).toBe('2 crashes')
    expect(sumFigures('')).toBeUndefined()
  })

  it('is counted through a file, and not at all without one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tollgate-figures-'))
    try {
      vi.stubEnv('TOLLGATE_TEST_FIGURES', '')
      countFigure('crashes', 7)
      const path = join(folder, 'figures')
      vi.stubEnv('TOLLGATE_TEST_FIGURES', path)
      countFigure('crashes', 2)
      countFigure('requests', 30)
      countFigure('crashes', 1)
      expect(sumFigures(await readFile(path, 'utf8'))).toBe('3 crashes, 30 requests')
    } finally {
      vi.unstubAllEnvs()
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('gives times as people say them', () => {
    expect([4_236, 59_949, 59_951, 425_400].map(formatDuration)).toEqual([
      '4.2 s',
      '59.9 s',
      '1 min 00 s',
      '7 min 05 s',
    ])
  })
})
