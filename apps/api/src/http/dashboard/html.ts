/** Text that is HTML already; everything else is escaped when it is put into a page. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** `` html`<b>${name}</b>` ``: values are escaped, pieces of `Html` and lists of them are put in as they are. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(strings.reduce((page, piece, index) => page + show(values[index - 1] ?? '') + piece))
}

export function raw(text: string): Html {
  return new Html(text)
}

export type HtmlValue = string | number | Html | readonly HtmlValue[]

function show(value: HtmlValue): string {
  if (value instanceof Html) return value.text
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value))
  return value.map(show).join('')
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
