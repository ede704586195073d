import type { ConformanceTable } from './table.ts'

/**
 * ModelScope: calls are paid in magicubes, of which a day's gift is counted as a grant of requests. None of them costs
 * money, however long it is.
 */
export const modelscope: ConformanceTable = {
  provider: 'modelscope',
  sources: ['modelscope.cn/docs/magicube/intro', 'modelscope.cn/docs/model-service/API-Inference/limits'],
  rows: [
    {
      model: 'ZhipuAI/GLM-5.2',
      shows: 'a flagship model',
      usage: { inputTokens: 100_000, outputTokens: 50_000 },
      sum: '100,000 x 0 + 50,000 x 0',
      cost: '0',
    },
    {
      model: 'Qwen/Qwen3-235B-A22B',
      shows: 'thinking',
      usage: { inputTokens: 10, outputTokens: 10, reasoningTokens: 1_000 },
      thinking: true,
      sum: '10 x 0 + 1,010 x 0',
      cost: '0',
    },
    {
      model: 'deepseek-ai/DeepSeek-V4-Pro',
      shows: 'a request without usage',
      usage: {},
      sum: '0 x 0',
      cost: '0',
    },
  ],
}
