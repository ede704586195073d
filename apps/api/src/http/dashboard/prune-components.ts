/** Takes out of an OpenAPI document the component schemas that no operation leads to: half of those made are twins nobody uses. */
export function pruneComponents(document: object): object {
  if (!('components' in document) || !isObject(document.components)) return document
  const { schemas } = document.components
  if (!isObject(schemas)) return document
  const reached = new Set<string>()
  const follow = (node: unknown) => {
    for (const name of referencesIn(node)) {
      if (reached.has(name)) continue
      reached.add(name)
      follow(schemas[name])
    }
  }
  follow({ ...document, components: undefined })
  const kept = Object.entries(schemas).filter(([name]) => reached.has(name))
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(kept) } }
}

function referencesIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(referencesIn)
  if (!isObject(node)) return []
  return Object.entries(node).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string'
      ? [value.slice('#/components/schemas/'.length)]
      : referencesIn(value),
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
