import { html, raw, type Html } from './html.ts'
import { referenceStyle } from './reference-style.ts'
import { renderFields, renderText, renderType, type SchemaNode } from './render-schema.ts'

/** The OpenAPI document as one page for people: no script, no picture, nothing from elsewhere. */
export function renderReference(document: object): string {
  const reference = readReference(document)
  const byTag = Map.groupBy(reference.operations, (operation) => operation.tag)
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${reference.title}</title>
        <style>
          ${raw(referenceStyle)}
        </style>
      </head>
      <body>
        <nav>
          <h1><a href="#top">${reference.title}</a></h1>
          ${[...byTag].map(
            ([tag, operations]) =>
              html`<h2>${tag}</h2>
                <ul>
                  ${operations.map(({ id, summary }) => html`<li><a href="#${id}">${summary}</a></li>`)}
                </ul>`,
          )}
          <h2>types</h2>
          <ul>
            ${reference.schemas.map(([name]) => html`<li><a href="#schema-${name}">${name}</a></li>`)}
          </ul>
        </nav>
        <main id="top">
          <h1>${reference.title} <small>${reference.version}</small></h1>
          <p>${reference.description}</p>
          <p>For tools: <a href="/openapi.json">/openapi.json</a></p>
          ${[...byTag].map(
            ([tag, operations]) =>
              html`<section>
                <h2>${tag}</h2>
                ${operations.map(renderOperation)}
              </section>`,
          )}
          <section>
            <h2>types</h2>
            ${reference.schemas.map(
              ([name, schema]) =>
                html`<article id="schema-${name}">
                  <h3>${name}</h3>
                  ${
                    schema.description === undefined ? '' : html`<p>${renderText(schema.description)}</p>`
                  }${renderFields(schema)}
                </article>`,
            )}
          </section>
        </main>
      </body>
    </html>`
  return page.text
}

interface Operation {
  readonly id: string
  readonly tag: string
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly description: string | undefined
  readonly parameters: readonly {
    readonly name: string
    readonly place: string
    readonly isRequired: boolean
    readonly schema: SchemaNode
    readonly description: string | undefined
  }[]
  readonly body: SchemaNode | undefined
  readonly answers: readonly { readonly status: string; readonly schema: SchemaNode | undefined }[]
}

interface Reference {
  readonly title: string
  readonly version: string
  readonly description: string
  readonly operations: readonly Operation[]
  readonly schemas: readonly (readonly [string, SchemaNode])[]
}

function renderOperation(operation: Operation): Html {
  return html`<article id="${operation.id}">
    <h3>${operation.summary}</h3>
    <p class="path">
      <b class="${operation.method}">${operation.method.toUpperCase()}</b> <code>${operation.path}</code>
    </p>
    ${operation.description === undefined ? '' : html`<p>${renderText(operation.description)}</p>`}
    ${
      operation.parameters.length === 0
        ? ''
        : html`<h4>Parameters</h4>
            <ul class="fields">
              ${operation.parameters.map(
                (parameter) =>
                  html`<li>
                    <code class="name">${parameter.name}</code
                    ><span class="optional"
                      >${parameter.place}${parameter.isRequired ? '' : ', optional'}</span
                    >
                    <span class="type">${renderType(parameter.schema)}</span>${
                      parameter.description === undefined
                        ? ''
                        : html`<p>${renderText(parameter.description)}</p>`
                    }
                  </li>`,
              )}
            </ul>`
    }
    ${
      operation.body === undefined
        ? ''
        : html`<h4>Body</h4>
            ${renderFields(operation.body)}`
    }
    <h4>Answers</h4>
    ${operation.answers.map(
      ({ status, schema }) =>
        html`<p><b>${status}</b> ${schema === undefined ? 'no content' : renderType(schema)}</p>
          ${schema === undefined || schema.$ref !== undefined ? '' : renderFields(schema)}`,
    )}
  </article>`
}

/** Picks what the page shows out of the document, which comes from a library as an open type. */
function readReference(document: object): Reference {
  const info = objectAt(document, 'info')
  const operations = Object.entries(objectAt(document, 'paths')).flatMap(([path, item]) =>
    Object.entries(asObject(item)).map(([method, operation]) =>
      readOperation(path, method, asObject(operation)),
    ),
  )
  const schemas = objectAt(objectAt(document, 'components'), 'schemas')
  return {
    title: textAt(info, 'title') ?? '',
    version: textAt(info, 'version') ?? '',
    description: textAt(info, 'description') ?? '',
    operations,
    schemas: Object.keys(schemas)
      .sort()
      .map((name) => [name, objectAt(schemas, name)]),
  }
}

function readOperation(path: string, method: string, operation: object): Operation {
  const id = textAt(operation, 'operationId') ?? `${method} ${path}`
  return {
    id,
    tag: listAt(operation, 'tags').find((tag) => typeof tag === 'string') ?? 'other',
    method,
    path,
    summary: textAt(operation, 'summary') ?? id,
    description: textAt(operation, 'description'),
    parameters: listAt(operation, 'parameters').map((entry) => {
      const parameter = asObject(entry)
      return {
        name: textAt(parameter, 'name') ?? '',
        place: textAt(parameter, 'in') ?? '',
        isRequired: Reflect.get(parameter, 'required') === true,
        schema: objectAt(parameter, 'schema'),
        description: textAt(parameter, 'description'),
      }
    }),
    body: contentOf(objectAt(operation, 'requestBody')),
    answers: Object.entries(objectAt(operation, 'responses')).map(([status, answer]) => ({
      status,
      schema: contentOf(asObject(answer)),
    })),
  }
}

function contentOf(holder: object): SchemaNode | undefined {
  const content = objectAt(holder, 'content')
  const [type] = Object.keys(content)
  return type === undefined ? undefined : objectAt(objectAt(content, type), 'schema')
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}

function objectAt(holder: object, name: string): object {
  return asObject(Reflect.get(holder, name))
}

function listAt(holder: object, name: string): readonly unknown[] {
  const value: unknown = Reflect.get(holder, name)
  return Array.isArray(value) ? value : []
}

function textAt(holder: object, name: string): string | undefined {
  const value: unknown = Reflect.get(holder, name)
  return typeof value === 'string' ? value : undefined
}
