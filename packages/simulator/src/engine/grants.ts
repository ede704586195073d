interface GrantScope {
  readonly provider: string
  /** Without it one pool serves all accounts of the provider. */
  readonly account?: string | undefined
  /** Without it one pool serves all models. */
  readonly model?: string | undefined
}

export interface TokenGrant extends GrantScope {
  /** Free tokens; setting a grant again fills it up anew. */
  readonly tokens: number
  /** `provider-stops`: the platform's own "used up" error; `provider-bills`: paid tokens, silently. */
  readonly whenEmpty: 'provider-stops' | 'provider-bills'
}

/** ModelScope pays calls out of a daily allowance in magicubes instead of tokens; without one, calls are not limited. */
export interface MagicubeGrant extends GrantScope {
  readonly magicubes: number
}

/** A free quota on the provider's side. */
export type GrantSetting = TokenGrant | MagicubeGrant

export type GrantState = GrantSetting & { readonly tokensLeft?: number }

export interface Grants {
  set(setting: GrantSetting): void
  /** Looked at before a call, as the real platforms do; a call that runs is finished whatever it takes. */
  mayStart(call: Scope): boolean
  /** Takes free tokens for a finished call and says how many there were. What goes beyond them is paid. */
  take(call: Scope, tokens: number): number
  magicubes(call: Scope): number | undefined
  list(): GrantState[]
  clear(): void
}

interface Scope {
  readonly provider: string
  readonly account: string
  readonly model: string
}

interface Held {
  readonly setting: TokenGrant
  left: number
}

export function createGrants(): Grants {
  const held = new Map<string, Held>()
  const allowances = new Map<string, MagicubeGrant>()
  const matching = (call: Scope) =>
    held.size === 0
      ? []
      : [...held.values()]
          .filter(({ setting }) => matches(setting, call))
          .sort((a, b) => narrowness(b.setting) - narrowness(a.setting))
  return {
    set(setting) {
      const key = JSON.stringify([setting.provider, setting.account, setting.model])
      if ('tokens' in setting) held.set(key, { setting, left: setting.tokens })
      else allowances.set(key, setting)
    },
    mayStart(call) {
      const grants = matching(call)
      if (grants.length === 0 || grants.some((grant) => grant.left > 0)) return true
      return grants.every((grant) => grant.setting.whenEmpty === 'provider-bills')
    },
    take(call, tokens) {
      let taken = 0
      for (const grant of matching(call)) {
        const part = Math.min(grant.left, tokens - taken)
        grant.left -= part
        taken += part
      }
      return taken
    },
    magicubes(call) {
      return [...allowances.values()]
        .filter((grant) => matches(grant, call))
        .sort((a, b) => narrowness(b) - narrowness(a))
        .at(0)?.magicubes
    },
    list() {
      return [
        ...[...held.values()].map(({ setting, left }) => ({ ...setting, tokensLeft: left })),
        ...allowances.values(),
      ]
    },
    clear() {
      held.clear()
      allowances.clear()
    },
  }
}

function matches(setting: GrantScope, call: Scope): boolean {
  return (
    setting.provider === call.provider &&
    (setting.account === undefined || setting.account === call.account) &&
    (setting.model === undefined || setting.model === call.model)
  )
}

function narrowness(setting: GrantScope): number {
  return (setting.account === undefined ? 0 : 2) + (setting.model === undefined ? 0 : 1)
}
