import { REFUSALS } from '../kernel/refusal.ts'
import { type Answer, isLost, type Outcome, objectOf } from './line.ts'

/** Why the service said no, in its own words. */
export interface Problem {
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly action: string
  readonly errors: readonly { readonly path: string; readonly message: string }[]
}

export type Verdict =
  | {
      readonly verdict: 'done'
      readonly json: Record<string, unknown>
      readonly text: string
      readonly replayed: boolean
    }
  | { readonly verdict: 'refused'; readonly problem: Problem; readonly location: string | null }
  /** `sent` false: nothing has left this machine. */
  | { readonly verdict: 'unknown'; readonly why: string; readonly sent: boolean }

/** Said of the caller or of the moment, before anything was looked up: it tells nothing about an earlier sending. */
const OF_THE_CALLER = new Set([401, 403, 413, 415, 421, 431])
/** Worth asking again with the same key. */
const LATER = new Set([408, 425, 429])

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

export function problemOf(json: Record<string, unknown>): Problem | null {
  if (typeof json.code !== 'string' || typeof json.title !== 'string') return null
  const errors = Array.isArray(json.errors) ? (json.errors as Record<string, unknown>[]) : []
  return {
    code: json.code,
    title: json.title,
    detail: text(json.detail),
    action: text(json.action),
    errors: errors.map((e) => ({ path: text(e.path), message: text(e.message) })),
  }
}

const unsure = (why: string): Verdict => ({ verdict: 'unknown', why, sent: true })

/**
 * What an answer of the native API proves. Only words of the service itself count: the page of a proxy, whatever its
 * status, leaves the outcome unknown. `mark` is a member every answer of this address has. `lostBefore`: an earlier
 * sending of the same request was never answered.
 */
export function judge(outcome: Outcome, mark: string, lostBefore = false): Verdict {
  if (isLost(outcome)) return { verdict: 'unknown', why: outcome.lost, sent: outcome.sent }
  const json = objectOf(outcome.text)
  if (outcome.status === 200 || outcome.status === 201)
    return json && mark in json ? doneBy(outcome, json) : unsure('答复不是本服务的（可能来自代理）')
  const problem = json && problemOf(json)
  if (!problem) return unsure(`HTTP ${outcome.status}，答复不是本服务的（可能来自代理）`)
  if (outcome.status >= 500 || LATER.has(outcome.status)) return unsure(`${problem.title}（${problem.code}）`)
  if (lostBefore && OF_THE_CALLER.has(outcome.status)) return unsure(`上次发送未得答复，这次：${problem.title}`)
  return { verdict: 'refused', problem, location: outcome.headers.location ?? null }
}

const doneBy = (answer: Answer, json: Record<string, unknown>): Verdict => ({
  verdict: 'done',
  json,
  text: answer.text,
  replayed: answer.headers['idempotent-replayed'] === 'true',
})

/** The refusal code the service puts at the end of `err_msg`; null where the words are the insurer's. */
export const codeIn = (errMsg: string): string | null => /\[(\w+)\]\s*$/.exec(errMsg)?.[1] ?? null

/**
 * What an answer of the HIS door proves. Both `"0"` and `0` mean success, and a text beside it warns; a refusal is
 * final unless its code says that it was about the caller or the moment.
 */
export function judgeHis(outcome: Outcome, lostBefore: boolean): Verdict {
  if (isLost(outcome)) return { verdict: 'unknown', why: outcome.lost, sent: outcome.sent }
  const json = objectOf(outcome.text)
  if (outcome.status !== 200 || !json || !('infcode' in json))
    return unsure(`HTTP ${outcome.status}，答复不是定点医药机构接口的报文（可能来自代理）`)
  const errMsg = text(json.err_msg)
  if (String(json.infcode) === '0') return { verdict: 'done', json, text: outcome.text, replayed: false }
  const code = codeIn(errMsg)
  const known = code !== null && Object.hasOwn(REFUSALS, code) ? REFUSALS[code as keyof typeof REFUSALS] : null
  if (known && (known.status >= 500 || LATER.has(known.status))) return unsure(errMsg)
  if (known && lostBefore && OF_THE_CALLER.has(known.status)) return unsure(`上次发送未得答复，这次：${errMsg}`)
  // What to do stands in the text itself.
  const problem = { code: code ?? '-1', title: errMsg, detail: '', action: '', errors: [] }
  return { verdict: 'refused', problem, location: null }
}
