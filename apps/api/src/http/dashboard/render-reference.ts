export function renderReference(document: unknown): string {
  return String(document)
}
