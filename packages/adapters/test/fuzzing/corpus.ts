import { readFileSync } from 'node:fs'
import { callFor, type ConformanceTable, type StreamCase } from '../../src/conformance/table.ts'
import { parseJson } from '../../src/wire/json.ts'
import { wordsIn } from './odd-json.ts'

/** What a platform is known to send, by its conformance table: the texts that are bent until something breaks. */
export interface Corpus {
  readonly streams: readonly KnownStream[]
  /** Whole bodies of every kind: an answer is also read as a refusal, and the other way round. */
  readonly bodies: readonly string[]
  /** Names and short texts that stand in them, and the secrets that platforms repeat to those who sent them. */
  readonly words: readonly string[]
}

export interface KnownStream {
  readonly one: StreamCase
  /** Whether a push is a whole frame of a WebSocket, and never cut. */
  readonly isFrames: boolean
  /** The pushes: frames, or all bytes in one. */
  readonly parts: readonly Buffer[]
}

export function corpusOf(table: ConformanceTable): Corpus {
  const fixture = (file: string): Buffer =>
    readFileSync(new URL(`../../fixtures/${table.folder}/${file}`, import.meta.url))
  const streams = table.streams.map((one) => {
    const isFrames = one.file.endsWith('.jsonl')
    const bytes = fixture(one.file)
    return { one, isFrames, parts: isFrames ? linesOf(bytes).map((line) => Buffer.from(line)) : [bytes] }
  })
  const whole = [table.answers, table.errors, table.embeddings ?? [], table.sessions ?? []].flat()
  const bodies = whole.map(({ file }) => bodyOf(file, fixture(file)))
  const { credentials, session = {} } = callFor(table)
  const secrets = [...Object.values(credentials), ...Object.values(session)]
  const words = new Set([...openAiWords.split(' '), ...secrets])
  for (const text of [...bodies, ...streams.flatMap(({ parts }) => parts.map(String))]) {
    for (const json of [text, ...text.split('\n')])
      wordsIn(parseJson(json.replace(/^data:|^[^{]/, '')), words)
  }
  return { streams, bodies, words: [...words] }
}

export function linesOf(bytes: Buffer): string[] {
  return bytes
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '')
}

/** A whole body; the frames of a WebSocket come as a JSON text sequence. */
function bodyOf(file: string, bytes: Buffer): string {
  if (!file.endsWith('.jsonl')) return bytes.toString()
  return linesOf(bytes)
    .map((line) => `\u001e${line}\n`)
    .join('')
}

const openAiWords =
  'id object created model choices index delta message role content reasoning reasoning_content refusal tool_calls ' +
  'function function_call name arguments finish_reason usage prompt_tokens completion_tokens total_tokens ' +
  'prompt_tokens_details cached_tokens error errors code type param detail data embedding'
