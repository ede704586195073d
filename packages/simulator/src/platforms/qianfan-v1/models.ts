import type { SimulatedModel } from '../../contract/platform.ts'

/** A model of the old interface is named by the last step of its path. */
export interface PathModel extends SimulatedModel {
  readonly suffix: string
  /** Of the first generation, which tells no `finish_reason`. Which models those are is not verified. */
  readonly early?: true
}

type ChatSizes = readonly [contextTokens: number, outputTokensMax: number]

const sizes8k: ChatSizes = [8_192, 2_048]
const sizes128k: ChatSizes = [128_000, 4_096]

/**
 * Names as the console writes them, in lower case, with the suffixes of the sheet, section 2.1; the suffix is the name
 * where it lists no other. Sizes from the model catalogue, autumn 2026; those of the dated models are not verified.
 */
export const pathModels: readonly PathModel[] = [
  { ...chat('ernie-4.0-8k', sizes8k, 'completions_pro'), early: true },
  { ...chat('ernie-3.5-8k', sizes8k, 'completions'), early: true },
  { ...chat('ernie-lite-8k-0922', sizes8k, 'eb-instant'), early: true },
  { ...chat('ernie-bot-8k', sizes8k, 'ernie_bot_8k'), early: true },
  { ...chat('bloomz-7b', [4_096, 1_024], 'bloomz_7b1'), early: true },
  chat('ernie-4.0-turbo-8k', sizes8k),
  chat('ernie-4.0-turbo-128k', [131_072, 4_096]),
  chat('ernie-3.5-128k', sizes128k),
  chat('ernie-3.5-8k-0205', sizes8k),
  chat('ernie-3.5-8k-1222', sizes8k),
  chat('ernie-3.5-4k-0205', [4_096, 2_048]),
  chat('ernie-speed-8k', sizes8k, 'ernie_speed'),
  chat('ernie-speed-128k', sizes128k),
  chat('ernie-speed-pro-128k', sizes128k),
  chat('ernie-lite-8k', sizes8k),
  chat('ernie-lite-pro-128k', [128_000, 2_048]),
  chat('ernie-tiny-8k', sizes8k),
  chat('ernie-char-8k', sizes8k),
  chat('ernie-char-fiction-8k', sizes8k),
  chat('ernie-novel-8k', sizes8k),
  embedding('embedding-v1', 'embedding-v1', 384, 16, 384),
  embedding('bge-large-zh', 'bge_large_zh', 1_024, 16, 512),
  embedding('bge-large-en', 'bge_large_en', 1_024, 16, 512),
  embedding('tao-8k', 'tao_8k', 1_024, 1, 8_192),
]

const bySuffix = new Map(pathModels.map((model) => [`${model.kind} ${model.suffix}`, model]))

/** The model that the last step of a path names, among those of one kind. */
export function modelAt(path: string, kind: SimulatedModel['kind']): PathModel | undefined {
  return bySuffix.get(`${kind} ${suffixOf(path)}`)
}

export function suffixOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function chat(name: string, [contextTokens, outputTokensMax]: ChatSizes, suffix = name): PathModel {
  return { name, kind: 'chat', suffix, contextTokens, outputTokensMax }
}

/** Limits from memory, sheet 2.4. */
function embedding(
  name: string,
  suffix: string,
  dimensions: number,
  inputsMax: number,
  inputTokensMax: number,
): PathModel {
  return { name, kind: 'embedding', suffix, dimensions: [dimensions], inputsMax, inputTokensMax }
}
