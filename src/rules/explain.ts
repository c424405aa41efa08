import { formatYuan } from '../kernel/money.ts'
import type { Ruling } from './claim.ts'
import type { CompiledVersion } from './compile.ts'
import type { PoolDocument, VersionDocument } from './schema.ts'
import { sayBenefit, sayConditions, sayMoney } from './wording.ts'

const DATE_WORDS = { discharge_date: '出院日', settlement_date: '结算日', admission_date: '入院日' } as const

const PERIOD_WORDS = {
  bill: '每次',
  person_year: '每人每年',
  person_quarter: '每人每季度',
  disease_year: '每人每病种每年',
  household_year: '每户每年',
  lifetime: '一生',
} as const

/** One plain sentence for the patient: who they are to the rule, what is paid and how, or every reason why not. */
export function explainRuling(ruling: Ruling, version: CompiledVersion): string {
  const category = version.categories.find((one) => one.key === ruling.category)
  const who = category === undefined ? '' : `因为您是${category.label}，`
  const mark = version.illustrative ? '（示例办法，不作为办理依据）' : ''
  const why = ruling.reasons.map((one) => (one.law === null ? one.text : `${one.text}（${one.law}）`)).join('；')
  if (ruling.assistance === 0) return `${who}本次医疗救助为 0.00 元：${why}。${mark}`
  const parts = ruling.benefits.map((one) => {
    const benefit = version.benefits.find((other) => other.key === one.benefit)
    const ratio = ruling.trace.findLast((step) => step.benefit === one.benefit && step.stage === 'ratio')
    const how = ratio === undefined ? '' : `（${ratio.formula}，${ratio.law}）`
    return `${benefit?.label ?? one.benefit} ${formatYuan(one.amount)} 元${how}`
  })
  const sum = parts.length > 1 ? `，合计 ${formatYuan(ruling.assistance)} 元` : ''
  return `${who}本次${parts.join('、')}${sum}${why === '' ? '' : `；${why}`}。${mark}`
}

const sayPool = (key: string, pool: PoolDocument, document: VersionDocument): string => {
  const most = (row: { amount?: PoolDocument['amount']; times?: number | undefined }): string =>
    row.times !== undefined
      ? `${row.times} 次`
      : row.amount === undefined || row.amount === 'none'
        ? '不设限额'
        : `${sayMoney(row.amount, document)} 元`
  const rows =
    pool.rows?.map((row) => `${sayConditions(row, document) || '其余'}：${most(row)}`).join('；') ?? most(pool)
  const inside = pool.inside === undefined ? '' : `，包含在“${document.pools[pool.inside]?.label ?? pool.inside}”之内`
  return `- ${pool.label}（${key}，${PERIOD_WORDS[pool.per]}${inside}）：${rows}。${pool.law}`
}

/** A whole version in Chinese sentences, every figure with its article, for reading beside the printed document. */
export function explainVersion(version: CompiledVersion): string {
  const { document } = version
  const head = [`${version.title}`, `${document.document.number}；出处：${document.document.source}`]
  if (document.repealed === true) return [...head, `自 ${version.version} 起废止。`].join('\n')
  const lines = [
    ...head,
    `自 ${version.version} 起施行；参保地 ${document.jurisdiction.join('、')}；按${DATE_WORDS[document.dated_by]}适用，计入${DATE_WORDS[document.year_by]}所在年度。`,
    ...(version.illustrative ? ['本办法为示例，不作为办理依据。'] : []),
    '',
    '一、救助对象',
    ...version.categories.map((one) => `- ${one.label}（${one.key}）。${one.law}`),
    `- 有几种身份的，${document.choose.by === 'rank' ? '取次序在前的一种' : '取救助最高的一种'}，不重复救助。${document.choose.law}`,
    '',
    '二、救助项目',
    ...document.benefits.flatMap((one) => sayBenefit(one, document)),
  ]
  const pools = Object.entries(document.pools)
  if (pools.length > 0) lines.push('', '三、限额', ...pools.map(([key, pool]) => sayPool(key, pool, document)))
  if (document.none.length > 0)
    lines.push(
      '',
      '四、明确不救助',
      ...document.none.map((one) => `- ${sayConditions(one, document)}：${one.label}。${one.law}`),
    )
  if (document.exclusions.length > 0)
    lines.push('', '五、排除', ...document.exclusions.map((one) => `- ${one.label}。${one.law}`))
  return lines.join('\n')
}
