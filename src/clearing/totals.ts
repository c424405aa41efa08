import { type Fen, formatYuan } from '../kernel/money.ts'
import { longCode } from './reconcile.ts'

/** Sums of a group of documents by the rule of `Line`; cancellations count as documents and subtract. */
export interface Totals {
  readonly count: number
  readonly medfee: Fen
  readonly fund: Fen
  readonly acct: Fen
  readonly cash: Fen
}
export type TotalField = keyof Totals

/** What a hospital states: not every message has every sum. */
export type StatedTotals = Readonly<Partial<Record<TotalField, number>>> & { readonly count: number }

/** Our side also tells how much of `fund` is medical assistance, which the insurer's platform knows nothing of. */
export interface OwnTotals extends Totals {
  readonly assistance: Fen
}

/** How two totals stand to each other; the number of documents decides before the amounts. */
export type Verdict = 'equal' | 'centre_more' | 'hospital_more' | 'differs'

/** `stmt_rslt` of totals, in the codes of its rows. */
export const STMT_RSLT_OF_TOTALS = {
  equal: '000000',
  centre_more: '000101',
  hospital_more: '000102',
  differs: '000103',
} as const satisfies Record<Verdict, string>

const LABELS: Readonly<Record<TotalField, string>> = {
  count: '笔数',
  medfee: '总费用',
  fund: '基金',
  acct: '个人账户',
  cash: '现金',
}
const FIELDS = Object.keys(LABELS) as TotalField[]
const say = (field: TotalField, value: number): string => (field === 'count' ? String(value) : formatYuan(value))

/** What was stated and is something else with us. */
export const differingFields = (theirs: StatedTotals, ours: Totals): TotalField[] =>
  FIELDS.filter((field) => theirs[field] !== undefined && theirs[field] !== ours[field])

export function verdictOf(theirs: StatedTotals, ours: Totals): Verdict {
  if (differingFields(theirs, ours).length === 0) return 'equal'
  if (theirs.count === ours.count) return 'differs'
  return ours.count > theirs.count ? 'centre_more' : 'hospital_more'
}

/** Both numbers of every field that differs: `基金：医院 1819.04、中心 1839.04`. */
export const sayDifferences = (
  theirs: StatedTotals,
  ours: Totals,
  { sides = ['医院', '中心'], count = LABELS.count } = {},
): string =>
  differingFields(theirs, ours)
    .map((f) => {
      const values = [theirs[f] ?? 0, ours[f]].map((value, i) => `${sides[i]} ${say(f, value)}`)
      return `${f === 'count' ? count : LABELS[f]}：${values.join('、')}`
    })
    .join('；')

const MAX_DSCR = 200

/** `stmt_rslt_dscr`: our totals and count whatever the result, for most mismatches are two rules of counting. */
export function describeTotals(theirs: StatedTotals, ours: OwnTotals): string {
  const fund = `基金 ${formatYuan(ours.fund)}（含医疗救助 ${formatYuan(ours.assistance)}，不含个人账户）`
  const own = [`中心 ${ours.count} 笔（含撤销）`, `总费用 ${formatYuan(ours.medfee)}`, fund]
  for (const f of ['acct', 'cash'] as const)
    if (theirs[f] !== undefined) own.push(`${LABELS[f]} ${formatYuan(ours[f])}`)
  const differing = differingFields(theirs, ours)
  if (differing.length === 0) return `相符：${own.join('，')}`
  const stated = differing.map((f) => `${LABELS[f]} ${say(f, theirs[f] ?? 0)}`).join('，')
  return `不符：${own.join('，')}；医院 ${stated}`.slice(0, MAX_DSCR)
}

export interface Statement {
  readonly stmt_rslt: string
  readonly stmt_rslt_dscr: string
}

/** One word from two centres: equal only where both say so. */
export function combineStatements(own: Statement, platform: Statement): Statement {
  const fine = (s: Statement) => longCode(s.stmt_rslt) === STMT_RSLT_OF_TOTALS.equal
  const stmt_rslt = longCode((fine(own) ? platform : own).stmt_rslt)
  const words = `${own.stmt_rslt_dscr}；医保平台${fine(platform) ? '相符' : '不符'}：${platform.stmt_rslt_dscr}`
  return { stmt_rslt, stmt_rslt_dscr: words.slice(0, MAX_DSCR) }
}
