import { html, raw, type Html } from './html.ts'

/** What of JSON Schema our documents use. */
export interface SchemaNode {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly required?: readonly string[]
  readonly items?: SchemaNode
  readonly additionalProperties?: SchemaNode | boolean
  readonly anyOf?: readonly SchemaNode[]
  readonly oneOf?: readonly SchemaNode[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly format?: string
}

/** A short name of a type: `string`, `Grant[]`, `"ok" | "error"`, `integer or null`. Named schemas are links. */
export function renderType(schema: SchemaNode): Html {
  if (schema.$ref !== undefined) {
    const name = nameOf(schema.$ref)
    return html`<a href="#schema-${name}">${name}</a>`
  }
  const options = schema.anyOf ?? schema.oneOf
  if (options !== undefined) return join(options.map(renderType), ' or ')
  if (schema.enum !== undefined)
    return join(
      schema.enum.map((value) => html`<code>${JSON.stringify(value)}</code>`),
      ' | ',
    )
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`
  if (schema.type === 'array') return html`${renderType(schema.items ?? {})}[]`
  if (
    schema.type === 'object' &&
    typeof schema.additionalProperties === 'object' &&
    schema.properties === undefined
  )
    return html`map of ${renderType(schema.additionalProperties)}`
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['any'])
  return html`${types.join(' or ')}${schema.format === undefined ? '' : ` (${schema.format})`}`
}

/** The fields of an object, nested ones indented below their own. Empty for what has no fields. */
export function renderFields(schema: SchemaNode): Html {
  const inner = fieldsOf(schema)
  if (inner.length === 0) return raw('')
  return html`<ul class="fields">
    ${inner.map(
      ({ name, node, isRequired }) =>
        html`<li>
          <code class="name">${name}</code>${isRequired ? '' : html`<span class="optional">optional</span>`}
          <span class="type">${renderType(node)}</span>${
            node.default === undefined
              ? ''
              : html` <span class="optional">default ${JSON.stringify(node.default)}</span>`
          }${node.description === undefined ? '' : html`<p>${renderText(node.description)}</p>`}${renderFields(node)}
        </li>`,
    )}
  </ul>`
}

/** Descriptions are plain text with \`code\` in it. */
export function renderText(text: string): Html {
  const parts = text.split('`')
  return join(
    parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`)),
    '',
  )
}

function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1)
}

interface Field {
  readonly name: string
  readonly node: SchemaNode
  readonly isRequired: boolean
}

function fieldsOf(schema: SchemaNode): readonly Field[] {
  if (schema.properties !== undefined)
    return Object.entries(schema.properties).map(([name, node]) => ({
      name,
      node,
      isRequired: schema.required?.includes(name) === true,
    }))
  if (schema.items !== undefined) return fieldsOf(schema.items)
  const options = schema.anyOf ?? schema.oneOf
  if (options !== undefined) return options.flatMap(fieldsOf)
  return []
}

function join(parts: readonly Html[], separator: string): Html {
  return html`${parts.flatMap((part, index) => (index === 0 ? [part] : [html`${separator}`, part]))}`
}
