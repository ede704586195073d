import type { Binaries } from './locate-binaries.ts'

/** Where the server's user finds its programs and its data. */
export interface Place {
  readonly binaries: Binaries
  /** Parent of `databaseDirectory`. */
  readonly home: string
  readonly databaseDirectory: string
}
