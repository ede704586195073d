import { readFile, readlink } from 'node:fs/promises'
import { runProgram } from './run-program.ts'

export interface ProcessInspection {
  /** Opaque; the same for one process as long as it lives, another for whoever gets its number later. */
  readonly startedAt: string
  readonly commandLine: string
  /** `undefined`: the system does not tell us. */
  readonly workingDirectory: string | undefined
}

/** What the system knows of a living process; `undefined`: there is none (or a zombie, which holds nothing open). */
export async function inspectProcess(pid: number): Promise<ProcessInspection | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  return process.platform === 'linux' ? inspectThroughProc(pid) : inspectThroughPs(pid)
}

async function inspectThroughProc(pid: number): Promise<ProcessInspection | undefined> {
  try {
    const [stat, commandLine, bootId, workingDirectory] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
      readlink(`/proc/${pid}/cwd`).catch(() => undefined),
    ])
    // The name in parentheses may hold anything; the fields that count come after it: state is the 3rd of the
    // line, the start in clock ticks since boot the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    return {
      startedAt: `${bootId.trim()}/${fields[19]}`,
      commandLine: commandLine.replaceAll('\0', ' ').trim(),
      workingDirectory,
    }
  } catch {
    return undefined
  }
}

/** For macOS and the BSDs. Not verified on one. */
async function inspectThroughPs(pid: number): Promise<ProcessInspection | undefined> {
  const ps = await runProgram('ps', ['-ww', '-o', 'stat=,lstart=,args=', '-p', String(pid)])
  const line = /^(\S+)\s+(\w+ \w+ +\d+ [\d:]+ \d+)\s+(.*)$/.exec(ps.output.trim())
  if (ps.exitCode !== 0 || line === null || line[1]?.startsWith('Z') === true) return undefined
  return { startedAt: line[2] ?? '', commandLine: line[3] ?? '', workingDirectory: undefined }
}
