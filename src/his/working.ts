import { type Fen, parseYuan } from '../kernel/money.ts'
import type { DecisionAnswer } from '../settlement/answer.ts'
import { cutText } from './say-refusal.ts'

type Decided = Pick<
  DecisionAnswer,
  'decision' | 'reasons' | 'rule' | 'benefits' | 'assistance_paid' | 'patient_pays' | 'limits' | 'trace' | 'explanation'
>
const MAX = 3900

/** What is left of the narrowest limit in yuan; null where no limit applies, nothing where no benefit does. */
export function limitLeft(decided: Pick<Decided, 'limits' | 'assistance_paid'>): Fen | null {
  const money = decided.limits.filter((limit) => limit.unit === undefined)
  if (money.length === 0) return decided.assistance_paid === '0.00' ? 0 : null
  const left = money.flatMap((limit) => (limit.left === null ? [] : [parseYuan(limit.left)]))
  return left.length === 0 ? null : Math.min(...left)
}

const byLaw = (law: string | null): string => (law ? `（${law}）` : '')

function steps(decided: Decided): string[] {
  return decided.trace.map((step) => {
    const amount = step.amount === null ? '' : ` = ${step.amount} 元`
    return `${step.label}：${step.formula}${amount}${byLaw(step.law)}`
  })
}

/** The working for the counter: what is paid and owed, rule and version, every reason with its code, every step with its article. */
export function workingOf(decided: Decided): string {
  const { rule, reasons } = decided
  const why = reasons.map((reason) => `${reason.text}[${reason.code}]${byLaw(reason.law)}`)
  const parts = [
    `医疗救助 ${decided.assistance_paid} 元，个人现金应付 ${decided.patient_pays} 元。`,
    `依据 ${rule.scheme} 办法 ${rule.version} 版。`,
    ...(why.length > 0
      ? [`${decided.assistance_paid === '0.00' ? '救助为零' : '救助减少'}的原因：${why.join('；')}。`]
      : []),
    ...(decided.trace.length > 0 ? [`算式：${steps(decided).join('；')}。`] : []),
    decided.explanation,
  ]
  return cutText(parts.join(''), MAX)
}
