import { exact, formatPercent, formatYuan, parseYuan } from '../kernel/money.ts'
import { compileMoney, listOf } from './conditions.ts'
import type {
  BandDocument,
  BenefitDocument,
  ConditionsDocument,
  MoneyDocument,
  RatioDocument,
  VersionDocument,
} from './schema.ts'
import { sayRounding } from './stages/round.ts'
import type { AmountWord } from './words.ts'

export const AMOUNT_TEXTS: Readonly<Record<AmountWord, string>> = {
  total_cost: '总费用',
  self_funded: '自费',
  over_limit: '超限价',
  prior_self_pay: '先行自付',
  policy_scope_cost: '政策范围内费用',
  insurance_deductible: '基本医保起付线',
  basic_insurance_paid: '基本医保支付',
  serious_illness_paid: '大病保险支付',
  other_insurance_paid: '其他基本保障支付',
  commercial_paid: '商业保险支付',
  hospital_waived: '医院减免',
  temporary_relief_paid: '临时救助',
  donation_paid: '捐赠',
  personal_account_paid: '个人账户支付',
  policy_scope_self_paid: '政策范围内自付',
  out_of_scope_cost: '范围外费用',
  insurance_paid: '保险支付合计',
  patient_owes: '个人应付',
  assistance_so_far: '前面已给的救助',
  left_by_benefits: '前面的救助剩下的',
  base: '本项基数',
}

export const CARE_TEXTS = {
  inpatient: '住院',
  outpatient_chronic: '门诊慢特病',
  outpatient_serious: '门诊大病',
  outpatient: '普通门诊',
} as const
const VALUES: Readonly<Record<string, string>> = {
  ...CARE_TEXTS,
  resident: '居民医保',
  employee: '职工医保',

  in_county: '本县',
  in_prefecture: '本市其他县',
  in_province: '本省其他市',
  out_of_province: '外省',
  not_needed: '不需转诊',
  referred: '已转诊',
  filed: '已备案',
  emergency: '急诊',
  counter: '窗口办理',
  application: '依申请',
  third_party_liability: '第三人责任',
  work_injury: '工伤',
  public_health: '公共卫生',
  abroad: '境外就医',
  cosmetic: '美容整形',
  crime: '违法犯罪',
  self_inflicted: '自伤自残',
  other_excluded: '其他排除情形',
  used: '已支付',
  not_used: '未支付',
  limit_reached: '已到限额',
}
/** A word of the closed lists in Chinese: "resident" -> 居民医保; any other word as it stands. */
export const sayWord = (word: string): string => VALUES[word] ?? AMOUNT_TEXTS[word as AmountWord] ?? word
const NONES: Readonly<Record<string, string>> = { 'insurance none': '未参保', 'referral none': '该办未办' }
const KEYS: Readonly<Record<string, string>> = {
  category: '',
  care_type: '',
  insurance: '',
  hospital_level: '医院级别 ',
  place: '就诊地 ',
  referral: '转诊 ',
  disease: '病种 ',
  not_disease: '病种不是 ',
  channel: '',
  circumstance: '情形 ',
}
const OVER_TEXTS = { bill: '本次', year: '全年', household_year: '全家全年' } as const
const EDGES = { above: '超过', from: '达到', below: '不满', up_to: '不超过' } as const
type EdgeKey = keyof typeof EDGES

/** An amount of the document as printed money; a share of a parameter says what it is a share of. */
export function sayMoney(money: MoneyDocument, document: VersionDocument): string {
  if (typeof money === 'string') return money
  const parameters = Object.fromEntries(
    Object.entries(document.parameters).map(([key, one]) => [key, parseYuan(one.value)]),
  )
  const share = money.times === undefined ? '' : `的 ${formatPercent(exact(money.times))}`
  return `${formatYuan(compileMoney(money, { parameters }))}（${document.parameters[money.parameter]?.label ?? ''}${share}）`
}

const sayEdges = <T>(edges: { readonly [K in EdgeKey]?: T | undefined }, say: (edge: T) => string): string =>
  (Object.keys(EDGES) as EdgeKey[])
    .flatMap((key) => (edges[key] === undefined ? [] : [`${EDGES[key]} ${say(edges[key])}`]))
    .join('、')

const sayName = (name: string, document: VersionDocument): string =>
  document.categories.find((one) => one.key === name)?.label ?? document.diseases[name]?.label ?? VALUES[name] ?? name

/** Conditions as words, joined by commas; empty when there are none. */
export function sayConditions(row: ConditionsDocument, document: VersionDocument): string {
  const parts = Object.entries(KEYS).flatMap(([key, prefix]) => {
    const value = row[key as 'category']
    return value === undefined
      ? []
      : [
          `${prefix}${listOf(value)
            .map((one) => NONES[`${key} ${one}`] ?? sayName(String(one), document))
            .join('、')}`,
        ]
  })
  if (row.age) parts.push(`年龄${sayEdges(row.age, String)}周岁`)
  if (row.recognised?.from) parts.push(`${row.recognised.from} 起认定`)
  if (row.recognised?.before) parts.push(`${row.recognised.before} 前认定`)
  for (const [name, measures] of [
    ['本次', row.bill],
    ['全年', row.year],
  ] as const) {
    for (const one of measures === undefined ? [] : listOf(measures)) {
      parts.push(`${name}${AMOUNT_TEXTS[one.amount]}${sayEdges(one, (edge) => sayMoney(edge, document))}`)
    }
  }
  if (row.earlier)
    parts.push(
      `“${listOf(row.earlier.benefit)
        .map((key) => sayBenefitName(key, document))
        .join('、')}”${VALUES[row.earlier.is]}`,
    )
  if (row.nth_this_year) parts.push(`本年第几次${sayEdges(row.nth_this_year, String)}`)
  return parts.join('，')
}

const sayBand = (band: BandDocument, document: VersionDocument): string => {
  const edges = sayEdges(band, (edge) => sayMoney(edge, document))
  return `${edges} ${band.lump ? `定额 ${sayMoney(band.lump, document)}` : formatPercent(exact(band.ratio ?? '0'))}`
}

type Yields = Pick<RatioDocument, 'ratio' | 'bands' | 'lump' | 'top_up'>

function sayYield(row: Yields, document: VersionDocument): string {
  if (row.ratio !== undefined) return formatPercent(exact(row.ratio))
  if (row.lump !== undefined) return `定额 ${sayMoney(row.lump, document)} 元`
  if (row.top_up !== undefined) return `补到 ${sayMoney(row.top_up.to, document)} 元`
  return (row.bands ?? []).map((band) => sayBand(band, document)).join('，')
}

function sayRatio(ratio: RatioDocument, document: VersionDocument): string {
  const how =
    ratio.bands_are === 'marginal' ? '分段计算、相加；' : ratio.bands_are === 'whole' ? '全额按所在段计算；' : ''
  const rows =
    ratio.rows?.map((row) => `${sayConditions(row, document) || '其余'} ${sayYield(row, document)}`).join('；') ??
    sayYield(ratio, document)
  return `  - 比例：${how}${rows}。${ratio.law}`
}

function sayOffset(one: NonNullable<BenefitDocument['base']['less']>[number], document: VersionDocument): string {
  if (typeof one === 'string') return `减${AMOUNT_TEXTS[one]}`
  const who = sayConditions(one, document)
  const share = one.times === undefined ? '' : `的 ${formatPercent(exact(one.times))}`
  return `减${AMOUNT_TEXTS[one.amount]}${share}${who === '' ? '' : `（${who}）`}`
}

function sayBase({ base }: BenefitDocument, document: VersionDocument): string {
  const of = listOf(base.of)
    .map((word) => AMOUNT_TEXTS[word])
    .join('加')
  const by =
    base.benefits === undefined
      ? ''
      : `（${base.benefits.map((key) => sayBenefitName(key, document)).join('、')}${base.without_capped_part ? '，不含限额截去的' : ''}）`
  const less = (base.less ?? []).map((one) => sayOffset(one, document)).join('')
  const rows = typeof base.times === 'string' ? [{ value: base.times }] : (base.times ?? [])
  const times = rows.map((row) => `，${sayRow(row, document)}乘 ${row.value}`).join('')
  const most = base.at_most === undefined ? '' : `，最多按 ${sayMoney(base.at_most, document)} 元`
  return `  - 基数：${of}${by}${less}${times.replace('，其余乘', rows.length === 1 ? '，乘' : '，其余乘')}${most}。${base.law}`
}

const sayBenefitName = (key: string, document: VersionDocument): string =>
  document.benefits.find((one) => one.key === key)?.label ?? key

/** The conditions of a row, or that it is for all the others. */
const sayRow = (row: ConditionsDocument, document: VersionDocument): string => sayConditions(row, document) || '其余'

const only = (row: { readonly only_for?: ConditionsDocument | undefined }, document: VersionDocument): string =>
  row.only_for === undefined ? '' : `只对${sayConditions(row.only_for, document)}：`

/** One benefit, a line a stage, in the order in which a bill passes through them. */
export function sayBenefit(benefit: BenefitDocument, document: VersionDocument): readonly string[] {
  const { applies, gate, deductible, ratio, target, limits, accumulate, round } = benefit
  const lines = [
    `- ${benefit.label}（第 ${benefit.tier} 层）：${sayConditions(applies, document) || '所有就诊'}。${applies.law}`,
    sayBase(benefit, document),
  ]
  if (gate) {
    const doors = gate.any.map(
      (one) => `${OVER_TEXTS[one.over]}${AMOUNT_TEXTS[one.amount]}${sayEdges(one, (edge) => sayMoney(edge, document))}`,
    )
    lines.push(`  - 门槛：${only(gate, document)}${doors.join('，或 ')}。${gate.law}`)
  }
  if (deductible) {
    const amount = (one: MoneyDocument | 'none'): string => (one === 'none' ? '无' : `${sayMoney(one, document)} 元`)
    const rows =
      deductible.rows?.map((row) => `${sayConditions(row, document) || '其余'} ${amount(row.amount)}`).join('；') ??
      amount(deductible.amount ?? 'none')
    lines.push(
      `  - 起付标准（${deductible.per === 'year' ? '全年一次' : '每次'}）：${only(deductible, document)}${rows}。${deductible.law}`,
    )
  }
  if (ratio) lines.push(sayRatio(ratio, document))
  for (const one of benefit.adjust ?? [])
    lines.push(`  - ${one.label ?? '调整'}：${sayConditions(one, document)}${sayAdjustment(one, document)}。${one.law}`)
  if (target)
    lines.push(
      `  - ${target.label ?? '个人负担'}：${only(target, document)}${target.rows.map((row) => sayCeiling(row, target.patient_pays, document)).join('；')}。${target.law}`,
    )
  if (limits) lines.push(`  - 限额：${limits.pools.map((one) => sayNaming(one, document)).join('、')}。${limits.law}`)
  if (accumulate)
    lines.push(
      `  - ${only(accumulate, document)}按全年累计计算，减去${accumulate.less === 'paid' ? '本年已付' : '到上次为止应得'}的。${accumulate.law}`,
    )
  if (round)
    lines.push(
      `  - 取整：${sayRounding(round.to, round.mode)}${round.patient ? `，个人付的${sayRounding(round.patient.to, round.patient.mode)}` : ''}。${round.law}`,
    )
  return lines
}

/** A pool as a benefit names it, with the bills it is named for. */
function sayNaming(one: NonNullable<BenefitDocument['limits']>['pools'][number], document: VersionDocument): string {
  if (typeof one === 'string') return document.pools[one]?.label ?? one
  const who = sayConditions(one, document)
  return `${document.pools[one.pool]?.label ?? one.pool}${who === '' ? '' : `（只对${who}）`}`
}

type AdjustmentDocument = NonNullable<BenefitDocument['adjust']>[number]
type CeilingDocument = NonNullable<BenefitDocument['target']>['rows'][number]

function sayAdjustment(one: AdjustmentDocument, document: VersionDocument): string {
  if (one.points_more !== undefined) return ` 比例提高 ${exact(one.points_more).times(100)} 个百分点`
  if (one.points_less !== undefined) return ` 比例降低 ${exact(one.points_less).times(100)} 个百分点`
  if (one.times !== undefined) return ` 乘 ${one.times}`
  if (one.nothing_below !== undefined) return ` 不足 ${sayMoney(one.nothing_below, document)} 元不付`
  return ` 至少 ${sayMoney(one.at_least ?? '0.00', document)} 元`
}

function sayCeiling(row: CeilingDocument, pays: 'at_most' | 'exactly', document: VersionDocument): string {
  const most =
    row.share !== undefined
      ? `${AMOUNT_TEXTS[row.of ?? 'total_cost']}的 ${formatPercent(exact(row.share))}`
      : row.a_year !== undefined
        ? `全年 ${sayMoney(row.a_year, document)} 元`
        : `每次 ${sayMoney(row.a_bill ?? '0.00', document)} 元`
  const who = sayConditions(row, document)
  return `${who === '' ? '' : `${who}，`}个人${pays === 'at_most' ? '最多' : '正好'}负担${most}`
}
