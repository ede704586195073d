import { describe, expect, it } from 'vitest'
import { groupFindings } from './findings.ts'

describe('findings of a recount', () => {
  it('are told apart by what they mean, and none is lost', () => {
    const finding = (subject: string) => ({ subject, message: 'differs' })
    const counter = finding('counter of team red: tokens per day')
    const rollup = finding('rollup of 2026-11-20T03:00Z: team red, model qwen-plus')
    const unknown = finding('partition usage_record_2026_11')
    expect(groupFindings([rollup, unknown, counter])).toEqual([
      { kind: 'counter', findings: [counter] },
      { kind: 'rollup', findings: [rollup] },
      { kind: 'other', findings: [unknown] },
    ])
    expect(groupFindings([])).toEqual([])
  })
})
