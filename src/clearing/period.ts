import { type Day, daysBetween } from '../kernel/day.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'

const MAX_DAYS = 366

/** Days that may be reconciled or cleared at once. */
export function periodFault(from: Day, to: Day): Refusal | null {
  if (to < from) return refuse('invalid_request', `结束日期 ${to} 早于开始日期 ${from}`)
  const days = daysBetween(from, to) + 1
  return days > MAX_DAYS ? refuse('invalid_request', `一次最多 ${MAX_DAYS} 天，实为 ${days} 天`) : null
}
