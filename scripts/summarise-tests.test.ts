import { describe, expect, it } from 'vitest'
import { summarise } from './summarise-tests.ts'

const clean = { exitCode: 0, mustRunAll: true }
const file = (name: string, status: string, ...tests: string[]) => ({
  name,
  status,
  assertionResults: tests.map((test) => ({ status: test })),
})
const report = (...testResults: unknown[]) => ({ testResults })

describe('the last line of a test run', () => {
  it('counts what passed and what failed', () => {
    const run = report(file('a', 'passed', 'passed', 'passed'), file('b', 'failed', 'passed', 'failed'))
    expect(summarise(run, { ...clean, exitCode: 1 })).toEqual({ passed: 3, failed: 1, notes: [] })
  })

  it('counts a file that could not be loaded as failed and names it', () => {
    const run = report(file('a', 'passed', 'passed'), file('b', 'failed'))
    expect(summarise(run, { ...clean, exitCode: 1 })).toEqual({
      passed: 1,
      failed: 1,
      notes: ['could not run: b'],
    })
  })

  it('says which suites were skipped, and fails a build machine that ran nothing of a file', () => {
    const run = report(file('a', 'passed', 'passed', 'skipped'), file('b', 'passed', 'skipped', 'pending'))
    const notes = ['1 skipped in: a', 'skipped: b']
    expect(summarise(run, { ...clean, mustRunAll: false })).toEqual({ passed: 1, failed: 0, notes })
    expect(summarise(run, clean)).toEqual({ passed: 1, failed: 1, notes })
  })

  it('fails when vitest failed although no test did', () => {
    const run = report(file('a', 'passed', 'passed'))
    expect(summarise(run, { ...clean, exitCode: 1 })).toMatchObject({ passed: 1, failed: 1 })
    expect(summarise(run, { ...clean, exitCode: null })).toMatchObject({ failed: 1 })
  })

  it('fails when no test ran', () => {
    expect(summarise(undefined, { ...clean, exitCode: 1 })).toMatchObject({ passed: 0, failed: 1 })
    expect(summarise(report(), clean)).toMatchObject({ passed: 0, failed: 1 })
  })
})
