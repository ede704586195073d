import { createHash } from 'node:crypto'

/**
 * Spark takes function names of at most 32 letters, digits and underscores (provider sheet, from the vendor's HTTP
 * document), OpenAI 64 with dashes. A name that does not fit is sent as its own start and a mark made from the
 * whole of it: the same name in every request of a conversation, and no two names alike.
 */
export function sparkFunctionName(name: string): string {
  if (FITS.test(name)) return name
  const mark = createHash('sha256').update(name).digest('hex').slice(0, MARK_LENGTH)
  return `${name.replace(/\W/g, '_').slice(0, NAME_LENGTH - MARK_LENGTH - 1)}_${mark}`
}

/** From the names that were sent back to the caller's own; only names that had to be changed are in it. */
export function originalFunctionNames(tools: unknown): ReadonlyMap<string, string> {
  const originals = new Map<string, string>()
  for (const tool of Array.isArray(tools) ? (tools as readonly unknown[]) : []) {
    const name = functionName(tool)
    if (name === undefined) continue
    const sent = sparkFunctionName(name)
    if (sent !== name) originals.set(sent, name)
  }
  return originals
}

function functionName(tool: unknown): string | undefined {
  if (typeof tool !== 'object' || tool === null || !('function' in tool)) return undefined
  const described = tool.function
  if (typeof described !== 'object' || described === null || !('name' in described)) return undefined
  return typeof described.name === 'string' ? described.name : undefined
}

const NAME_LENGTH = 32
const MARK_LENGTH = 8
const FITS = /^\w{1,32}$/
