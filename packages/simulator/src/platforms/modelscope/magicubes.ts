import type { Books, Incoming, WireReply } from '../../contract/platform.ts'
import { jsonReply } from '../kit.ts'

/** 200 for a login that day and 50 for a bound Alibaba Cloud account (sheet, section 8). */
const dailyAllowance = 250

/** Light, mainstream and flagship models. Which model is of which class is not published; sizes stand for it. */
export function magicubesOf(model: string): number {
  if (/flash|27b|embedding/i.test(model)) return 0.5
  return /397b|pro|glm-5/i.test(model) ? 2 : 1
}

/** What the calls of an account have cost, and what the running ones keep reserved. */
export function balanceOf(account: string, books: Books): { total: number; spent: number; frozen: number } {
  return {
    total: books.magicubes('modelscope', account) ?? dailyAllowance,
    spent: sum(books.billedRequests('modelscope', account)),
    frozen: sum(books.runningRequests('modelscope', account)),
  }
}

/** `GET /openapi/v1/magicubes/balance` (fixture magicubes-balance.json). Calls use up `available_balance`. */
export function balanceReply(request: Incoming, account: string, books: Books): WireReply {
  const { total, spent, frozen } = balanceOf(account, books)
  return jsonReply(200, {
    success: true,
    request_id: request.id,
    data: {
      total_balance: total,
      available_balance: Math.max(0, total - spent - frozen),
      frozen_amount: frozen,
    },
  })
}

function sum(requests: ReadonlyMap<string, number>): number {
  let cubes = 0
  for (const [model, count] of requests) cubes += count * magicubesOf(model)
  return cubes
}
