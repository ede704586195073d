/**
 * SQL over `account`: whose list prices hold for it. DeepSeek's own platform speaks OpenAI and is an account like any
 * other of that kind; its prices are in the book under its own name.
 */
export const priceProvider = `case when account.provider = 'openai-compatible'
  and account.base_url ~* '^https://api[.]deepseek[.]com(/|$)' then 'deepseek' else account.provider end`
