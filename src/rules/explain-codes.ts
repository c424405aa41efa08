import { CATEGORY_LABELS } from './categories.ts'
import { type CodeDocument, NATION } from './codes.ts'
import { sayWord } from './wording.ts'

const TITLES: Readonly<Record<string, string>> = {
  med_type: '就诊类别',
  insutype: '险种',
  fund_pay_type: '基金支付类型',
  psn_idet_type: '救助身份',
  hosp_lv: '医院等级',
  admdvs: '参保地',
}

interface SaidRow {
  readonly value: string
  readonly label: string
  readonly to?: unknown
  readonly sent?: true
  readonly source?: string | undefined
}

function sayMeaning(type: string, to: unknown): string {
  if (typeof to === 'number') return `${to} 级`
  if (to === 'assistance') return '医疗救助'
  if (to === 'none') return '未参保'
  if (typeof to === 'string') {
    const category: Readonly<Record<string, string>> = CATEGORY_LABELS
    return type === 'psn_idet_type' ? (category[to] ?? to) : sayWord(to)
  }
  const { care_type, referral, circumstances } = to as {
    care_type: string
    referral?: string
    circumstances?: readonly string[]
  }
  const parts = [care_type, ...(referral === undefined ? [] : [referral]), ...(circumstances ?? [])]
  return parts.map((one) => (one === 'none' ? '该办转诊未办' : sayWord(one))).join('，')
}

const sayRow = (type: string, { value, label, to, sent, source }: SaidRow): string =>
  `- ${value} ${label}${to === undefined ? '' : ` → ${sayMeaning(type, to)}`}${sent ? '（发出用）' : ''}${source === undefined ? '' : `　${source}`}`

/** Code tables in Chinese, row by row, for reading beside the list they were taken from. */
export function explainCodes({ document }: CodeDocument): string {
  const area = document.area === NATION ? '全国' : `地区 ${document.area}`
  const tables = Object.entries(document.tables).flatMap(([type, rows]) => [
    '',
    Object.hasOwn(TITLES, type) ? `${TITLES[type]} ${type}` : type,
    ...(rows ?? []).map((row) => sayRow(type, row as SaidRow)),
  ])
  return [document.title, `出处：${document.source}`, `自 ${document.start} 起；${area}。`, ...tables].join('\n')
}
