import type { Call, Exchange, Refusal } from '../../src/contract/index.ts'
import { isObject, parseJson } from '../../src/wire/json.ts'
import { claim } from './claim.ts'
import { claimError } from './claim-error.ts'

/** What goes out can be sent, and goes to the host that any other request of the account goes to. */
export function claimExchange(exchange: Exchange | Refusal, plain: Exchange | Refusal, call: Call): void {
  if ('ok' in exchange) return claimError(exchange.error, call)
  claim(URL.canParse(exchange.url), 'the URL is one', exchange.url)
  if ('url' in plain) {
    const { host } = new URL(plain.url)
    claim(new URL(exchange.url).host === host, `the host is ${host}`, exchange.url)
  }
  for (const [name, value] of Object.entries(exchange.headers)) {
    claim(name === name.toLowerCase() && fitsHeader.test(value), 'headers can be sent', [name, value])
  }
  const texts = exchange.transport === 'http' ? [exchange.body ?? '{}'] : exchange.frames
  claim(texts.length > 0, 'something is said')
  for (const sent of texts) {
    const text = typeof sent === 'string' ? sent : utf8.decode(sent)
    claim(isObject(parseJson(text)), 'a JSON object is sent', text)
  }
}

/** Visible characters and blanks. */
const fitsHeader = /^[\t\u0020-\u007e\u0080-\u00ff]*$/

const utf8 = new TextDecoder('utf-8', { fatal: true })
