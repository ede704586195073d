/**
 * Whether an answer's `model` is the one that was asked for: the same name, but for its case, the organisation before
 * it and the date or version behind it. An alias answers by its dated name (`qwen-plus` and `qwen-plus-2025-07-28`),
 * and so does `-latest`.
 *
 * Ark's endpoint ids (`ep-…`, `bot-…`) are names that the user gave to a model: they answer by the model's own.
 */
export function isSameModel(asked: string, answered: string): boolean {
  if (answered === '' || /^(ep|bot)-/.test(asked)) return true
  return bare(asked) === bare(answered)
}

function bare(name: string): string {
  return (name.split('/').at(-1) ?? name)
    .toLowerCase()
    .replace(/[-:@](latest|v?\d{4}-\d{2}-\d{2}|v?\d{4,8})$/, '')
}
