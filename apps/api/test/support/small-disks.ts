import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterThisTest } from './journals.ts'

/** A directory whose disk is full when we say so. */
export interface SmallDisk {
  readonly directory: string
  /** Leaves no room, as another program that fills the disk would. */
  fill(): void
  /** Makes room, whoever took it. */
  free(): void
}

export interface SmallDiskKind {
  readonly name: string
  /** For this test alone. */
  make(): SmallDisk
}

/**
 * The ways this machine has of filling a disk; never none. A file system of its own needs the right to mount; a limit on
 * the size of files needs none, and is the same to whoever writes: a part is taken, then nothing.
 */
export function smallDisks(): readonly SmallDiskKind[] {
  const kinds = [
    ...(canMount() ? [{ name: 'a file system of 256 KB', make: mounted }] : []),
    ...(canLimit() ? [{ name: 'files that may not grow', make: limited }] : []),
  ]
  if (kinds.length === 0) {
    throw new Error(
      'A full disk needs the right to mount a tmpfs, or `prlimit` of util-linux: run this suite on Linux.',
    )
  }
  return kinds
}

function mounted(): SmallDisk {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-disk-'))
  mount(directory)
  afterThisTest(() => {
    execFileSync('umount', ['--lazy', directory])
    rmSync(directory, { recursive: true, force: true })
  })
  const filler = join(directory, 'filler')
  return {
    directory,
    fill() {
      const { bavail, bsize } = statfsSync(directory)
      writeFileSync(filler, Buffer.alloc(bavail * bsize))
    },
    free() {
      rmSync(filler, { force: true })
      execFileSync('mount', ['-o', 'remount,size=1m', directory])
    },
  }
}

function limited(): SmallDisk {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-disk-'))
  const free = () => limitFiles('unlimited')
  afterThisTest(() => {
    free()
    rmSync(directory, { recursive: true, force: true })
  })
  limitFiles('262144')
  return { directory, fill: () => limitFiles('1'), free }
}

function mount(directory: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', directory], { stdio: 'pipe' })
}

/** The soft limit alone, so that it can be taken back. Node ignores the signal that comes with it. */
function limitFiles(bytes: string): void {
  execFileSync('prlimit', [`--pid=${process.pid}`, `--fsize=${bytes}:`], { stdio: 'pipe' })
}

function canMount(): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-disk-'))
  try {
    mount(directory)
    execFileSync('umount', [directory])
    return true
  } catch {
    return false
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function canLimit(): boolean {
  try {
    limitFiles('unlimited')
    return true
  } catch {
    return false
  }
}
