/**
 * SQL over `account`: whose list prices hold for it. DeepSeek speaks OpenAI, so its platform may also be an account of that
 * kind, by its address; the prices are DeepSeek's all the same.
 */
export const priceProvider = `case when account.provider = 'openai-compatible'
  and account.base_url ~* '^https://api[.]deepseek[.]com(/|$)' then 'deepseek' else account.provider end`
