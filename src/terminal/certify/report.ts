import { formatInstant, type Instant } from '../../kernel/day.ts'
import type { Finding } from './case.ts'

export interface Report {
  readonly title: string
  readonly url: string
  readonly hospital: string | null
  readonly started_at: string
  readonly seconds: number
  readonly passed: boolean
  readonly counts: Readonly<Record<Finding['result'], number>>
  readonly findings: readonly Finding[]
}

export function reportOf(
  findings: readonly Finding[],
  about: { readonly url: URL; readonly hospital: string | null; readonly started: Instant; readonly ended: Instant },
): Report {
  const counts = { pass: 0, warn: 0, fail: 0, skip: 0 }
  for (const { result } of findings) counts[result]++
  return {
    title: '医疗救助即时结算 · 终端接入验收报告',
    url: about.url.href,
    hospital: about.hospital,
    started_at: formatInstant(about.started),
    seconds: Math.round((about.ended - about.started) / 1000),
    passed: counts.fail === 0,
    counts,
    findings,
  }
}

export const RESULT_WORDS: Readonly<Record<Finding['result'], string>> = {
  pass: '通过',
  warn: '注意',
  fail: '不通过',
  skip: '未做',
}

/** One finding for the screen: the line, and what is wrong and what to do where it did not pass. */
export function findingLines({ id, title, result, why, duty, working }: Finding): string[] {
  const head = `${RESULT_WORDS[result].padEnd(4, '\u3000')} ${id.padEnd(6)} ${title}`
  if (result === 'pass') return [head]
  const reasons = why.map((text) => `              ${text}`)
  const rest =
    result === 'fail'
      ? [...(working ? [`              人工计算：${working}`] : []), `              厂商须做：${duty}`]
      : []
  return [head, ...reasons, ...rest]
}

/** What the service answered to a recorded message, whether or not it was read rightly. */
export const replayLines = (finding: Finding): string[] => [
  ...findingLines(finding),
  ...finding.seen.map((text) => `              ${text}`),
]

export function summaryLine({ counts, passed, seconds }: Report): string {
  const all = counts.pass + counts.warn + counts.fail + counts.skip
  const parts = `通过 ${counts.pass}，注意 ${counts.warn}，不通过 ${counts.fail}，未做 ${counts.skip}`
  return `${passed ? '验收通过' : '验收不通过'}：${all} 项，${parts}，用时 ${seconds} 秒`
}
