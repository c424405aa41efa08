type Json = Readonly<Record<string, unknown>>

/** How a family of hospital systems tells success from failure; each is what its code was seen to do. */
export interface Reader {
  readonly id: string
  readonly how: string
  readonly success: (answer: Json) => boolean
}

const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value))

export const READERS: readonly Reader[] = [
  { id: 'A', how: '整数属性，只有 -1 才算失败', success: (a) => Number.parseInt(text(a.infcode) || '0', 10) !== -1 },
  { id: 'B', how: '文本属性与 "0" 比较', success: (a) => text(a.infcode) === '0' },
  {
    id: 'C',
    how: '原样的值与文本 "0" 比较，且 err_msg 须为空（数字 0 会被当成失败）',
    success: (a) => a.infcode === '0' && text(a.err_msg) === '',
  },
  { id: 'D', how: '文本 "0"，且须有 output', success: (a) => text(a.infcode) === '0' && a.output !== undefined },
  {
    id: 'I',
    how: '没有 infcode 时按旧报文读 code',
    success: (a) => ('infcode' in a ? text(a.infcode) === '0' : text(a.code) === '0'),
  },
]

/** What typed clients cannot read in an answer: lists that are none, amounts that are no numbers, codes that are not numeric. */
export function stumbles(answer: Json): string[] {
  const output = answer.output as Json | undefined
  if (output === undefined || output === null) return []
  if (typeof output !== 'object') return ['output 不是对象']
  const found: string[] = []
  const info = output.setlinfo as Json | undefined
  if (info) {
    for (const name of AMOUNTS) if (typeof info[name] !== 'number') found.push(`setlinfo.${name} 不是数字`)
    if (!Array.isArray(output.setldetail)) found.push('setldetail 不是列表')
  }
  const rows = Array.isArray(output.setldetail) ? (output.setldetail as Json[]) : []
  for (const [i, row] of rows.entries()) {
    if (!/^\d+$/.test(text(row.fund_pay_type))) found.push(`setldetail[${i}].fund_pay_type 不是数字代码`)
    if (typeof row.fund_payamt !== 'number') found.push(`setldetail[${i}].fund_payamt 不是数字`)
  }
  if (output.baseinfo !== undefined)
    for (const name of ['insuinfo', 'idetinfo']) if (!Array.isArray(output[name])) found.push(`${name} 不是列表`)
  return found
}

export const AMOUNTS = [
  'medfee_sumamt',
  'fulamt_ownpay_amt',
  'overlmt_selfpay',
  'preselfpay_amt',
  'inscp_scp_amt',
  'act_pay_dedc',
  'hifp_pay',
  'cvlserv_pay',
  'hifes_pay',
  'hifmi_pay',
  'hifob_pay',
  'maf_pay',
  'oth_pay',
  'fund_pay_sumamt',
  'psn_part_amt',
  'acct_pay',
  'psn_cash_pay',
  'hosp_part_amt',
] as const
export type Amount = (typeof AMOUNTS)[number]
