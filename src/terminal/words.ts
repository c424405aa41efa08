import type { Resolved } from './counter.ts'
import { EXIT, type ExitCode } from './exit.ts'
import type { Journal } from './journal.ts'
import type { Problem, Verdict } from './verdict.ts'

type Json = Readonly<Record<string, unknown>>
const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : [])

export function problemLines(problem: Problem): string[] {
  const head = problem.detail === '' ? problem.title : `${problem.title}：${problem.detail}`
  return [
    `✗ ${head}`,
    ...problem.errors.map((e) => `    ${e.path} ${e.message}`),
    ...(problem.action ? [`  现在怎么办：${problem.action}`] : []),
  ]
}

/** A decision as the cashier reads it out: what is paid, what is left to pay, and why. */
export function decisionLines(json: Json): string[] {
  const reasons = [...new Set(list(json.reasons).map((r) => String(r.text)))]
  return [
    ...(json.settlement_no
      ? [`  结算单号    ${json.settlement_no}${json.status === 'reversed' ? '（已冲销）' : ''}`]
      : []),
    `  医疗救助    ${json.assistance_paid} 元`,
    `  个人应付    ${json.patient_pays} 元`,
    ...reasons.map((text) => `  原因        ${text}`),
    ...list(json.trace).map((t) => `    ${t.label}  ${workingOf(t)}  ${t.law}`),
    ...limitLines(list(json.limits)),
    ...(typeof json.explanation === 'string' ? ['', ...json.explanation.split('\n').map((t) => `  ${t}`)] : []),
  ]
}

const workingOf = ({ formula, amount }: Json): string =>
  amount === null || amount === formula ? `${formula}` : `${formula} = ${amount}`

const limitLines = (limits: readonly Json[]): string[] =>
  limits.map((l) => `  限额 ${l.pool}（${l.period}）  ${l.limit === null ? '不限' : `还剩 ${l.left} / ${l.limit}`}`)

const STATUS: Readonly<Record<string, string>> = {
  eligible: '是救助对象',
  not_eligible: '在册，但当天不能享受救助',
  unknown_person: '登记册中查无此人：如有困难，请患者到户籍地乡镇（街道）申请救助',
}

export const eligibilityLines = (json: Json): string[] => [
  `  ${STATUS[String(json.status)] ?? json.status}（${json.on}）`,
  ...list(json.categories).map((c) => `  ${c.label}，${c.from} 起`),
  ...list(json.reasons).map((r) => `  ${r.text}`),
  ...limitLines(list(json.limits)),
]

/** An unknown outcome is never called a failure: that is how money is paid twice. */
export function unknownLines(why: string): string[] {
  return [
    `？ 结果未知：${why}`,
    '  现在怎么办：不要退款，也不要重新收费、换单号再结。已记入日志；恢复后运行 resolve（或再次启动）即可得到确定结果。',
  ]
}

export function verdictLines(verdict: Verdict, done: (json: Json) => string[]): string[] {
  if (verdict.verdict === 'done') return done(verdict.json)
  if (verdict.verdict === 'refused')
    return [...problemLines(verdict.problem), ...(verdict.location ? [`  见：${verdict.location}`] : [])]
  return verdict.sent
    ? unknownLines(verdict.why)
    : [`✗ 没有连上服务（${verdict.why}），请求没有发出`, '  现在怎么办：检查网络和 --url，稍后重试']
}

/** A question books nothing: without an answer it is simply not answered. */
export const answerLines = (verdict: Verdict, done: (json: Json) => string[]): string[] =>
  verdict.verdict === 'unknown'
    ? [`✗ 没有得到答复（${verdict.why}）；只是询问，没有办理任何业务`, '  现在怎么办：检查网络和 --url，稍后再问']
    : verdictLines(verdict, done)

export function exitOf(verdict: Verdict): ExitCode {
  if (verdict.verdict === 'done') return EXIT.done
  if (verdict.verdict === 'refused') return EXIT.refused
  return verdict.sent ? EXIT.unknown : EXIT.unreached
}

export function resolvedLine({ asked, verdict }: Resolved): string {
  const what = `${asked.about}（${asked.at}）`
  if (verdict.verdict === 'unknown') return `？ ${what}：结果仍未知：${verdict.why}`
  if (verdict.verdict === 'refused') return `✓ ${what}：已查清，没有入账：${verdict.problem.title}`
  if (asked.door === 'his') return `✓ ${what}：已查清，已办成`
  return `✓ ${what}：已查清，已办成，${verdict.json.settlement_no}，救助 ${verdict.json.assistance_paid} 元`
}

const STATES = { done: '办成', refused: '被拒', reversed: '已冲正', unsent: '未发出' } as const

export const journalLines = (journal: Journal): string[] =>
  journal.all().map(({ asked, answered }) => {
    const state = answered ? STATES[answered.verdict] : '结果未知'
    const result = answered ? [answered.no, answered.assistance && `${answered.assistance} 元`, answered.code] : []
    return [asked.at, state, asked.about, asked.path, ...result.filter(Boolean)].join('\t')
  })

export const pendingLines = (journal: Journal): string[] =>
  journal.open().map((asked) => `${asked.at}\t结果未知\t${asked.about}\t${asked.path}\t${asked.id}`)
