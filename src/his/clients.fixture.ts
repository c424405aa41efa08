/**
 * How the hospital systems in the field read an answer: each is a small reader of what its code does, so that an
 * answer can be held against all of them. A reader returns what that client stumbles over; nothing: it is content.
 */
export interface Client {
  readonly name: string
  /** Whether the client takes the answer for a success. */
  success(answer: Answer): boolean
  /** What it cannot read in the output of a settlement. */
  settlement?(output: Node): string[]
  /** What it cannot read in the output of 1101. */
  person?(output: Node): string[]
}
export type Answer = Readonly<Record<string, unknown>>
type Node = Readonly<Record<string, unknown>>

export const parseAnswer = (text: string): Answer => JSON.parse(text) as Answer

const infoOf = (output: Node): Node => (output.setlinfo ?? {}) as Node
const rowsOf = (output: Node): readonly Node[] => output.setldetail as readonly Node[]
/** What a typed deserialiser of C# makes a number of; null and "" fail. */
const asDecimal = (value: unknown): boolean =>
  (typeof value === 'number' && Number.isFinite(value)) ||
  (typeof value === 'string' && /^[+-]?\d+(\.\d+)?$/.test(value.trim()))
const asDate = (value: unknown): boolean =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value.replace(' ', 'T')))
const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value))

export const TYPED_AMOUNTS = [
  'medfee_sumamt',
  'fulamt_ownpay_amt',
  'overlmt_selfpay',
  'preselfpay_amt',
  'inscp_scp_amt',
  'act_pay_dedc',
  'hifp_pay',
  'pool_prop_selfpay',
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
  'balc',
  'acct_mulaid_pay',
  'age',
] as const

/** Non-nullable decimals in `setlinfo`, decimals in every row, and fund codes that are decimals themselves. */
function typedStumbles(output: Node): string[] {
  const info = infoOf(output)
  const amounts = TYPED_AMOUNTS.filter((name) => !asDecimal(info[name])).map((name) => `setlinfo.${name}`)
  const rows = rowsOf(output).flatMap((row, i) =>
    ['fund_pay_type', 'fund_payamt', 'inscp_scp_amt', 'crt_payb_lmt_amt']
      .filter((name) => !asDecimal(row[name]))
      .map((name) => `setldetail[${i}].${name}`),
  )
  return [...amounts, ...rows]
}

/** A list must be a list even when it is empty. */
const listStumbles = (output: Node, names: readonly string[]): string[] =>
  names.filter((name) => !Array.isArray(output[name]))
const fundList = (output: Node): string[] => listStumbles(output, ['setldetail'])
const personLists = (output: Node): string[] => listStumbles(output, ['insuinfo', 'idetinfo'])

const textStumbles = (node: Node, names: readonly string[]): string[] =>
  names.filter((name) => typeof node[name] !== 'string')

export const CLIENTS: readonly Client[] = [
  {
    name: 'A 深圳诊所（C#）：整数属性，只有 -1 是失败，金额和基金代码都是 decimal',
    person: (output) => (asDecimal((output.baseinfo as Node)?.age) ? [] : ['baseinfo.age']),
    success: (answer) => {
      const infcode = Number(answer.infcode)
      if (!Number.isInteger(infcode)) throw new Error('infcode is no integer')
      return infcode !== -1
    },
    settlement: typedStumbles,
  },
  {
    name: 'B openhis（C#）：文本属性与 "0" 比较，金额和基金代码都是 decimal',
    success: (answer) => text(answer.infcode) === '0',
    settlement: (output) => [...typedStumbles(output), ...(isText(output.expContent) ? [] : ['expContent'])],
  },
  {
    name: 'C hsa-his（Java）：不分类型地与文本 "0" 比较，有 err_msg 就是失败，逐项 toString()',
    success: (answer) => answer.infcode === '0' && !answer.err_msg,
    settlement: (output) => [
      ...textStumbles(infoOf(output), ['psn_no', 'psn_name', 'mdtrt_id', 'insutype', 'med_type', 'clr_type']),
      ...(mafAgrees(output) ? [] : ['maf_pay ≠ 610100']),
    ],
  },
  {
    name: 'D com.yb.hi（Java）：-1 须冲正，-2 是业务错误；按 medins_setl_id 找回',
    success: (answer) => text(answer.infcode) === '0',
    settlement: (output) => textStumbles(infoOf(output), ['medins_setl_id']),
  },
  {
    name: 'E 东莞动态库：-1 须冲正，-2 显示提示',
    success: (answer) => text(answer.infcode) === '0',
  },
  {
    name: 'F PowerBuilder：没有 infcode 就是没有答复',
    success: (answer) => 'infcode' in answer && text(answer.infcode) === '0',
  },
  {
    name: 'G 自助机（C#）：文本属性与 "0" 比较，失败时显示 err_msg',
    success: (answer) => text(answer.infcode) === '0',
    settlement: fundList,
    person: personLists,
  },
  {
    name: 'H zebone（Java）：列表不判空就 .size()',
    success: (answer) => text(answer.infcode) === '0',
    settlement: fundList,
    person: personLists,
  },
  {
    name: 'I 广州（C#）：没有 infcode 就按旧信封 {code,type,message,data} 读',
    success: (answer) => ('infcode' in answer ? text(answer.infcode) === '0' : Number(answer.code) > 0),
    settlement: (output) => {
      const { setl_id, setl_time } = infoOf(output)
      return setl_id === null || asDate(setl_time) ? [] : ['setl_time']
    },
  },
  {
    name: 'J C++ 病历：读 output 里的对象',
    success: (answer) => text(answer.infcode) === '0' && typeof answer.output === 'object' && answer.output !== null,
  },
  {
    name: 'L NestJS：数字或文本的 infcode',
    success: (answer) => Number(answer.infcode) === 0,
    settlement: fundList,
    person: personLists,
  },
]

function isText(value: unknown): boolean {
  return value === null || typeof value === 'string'
}

/** Assistance is looked for in `maf_pay` by some screens and in the funds by others: both must say the same. */
function mafAgrees(output: Node): boolean {
  const rows = rowsOf(output).filter((row) => row.fund_pay_type === '610100')
  return rows.length === 1 && Number(infoOf(output).maf_pay) === Number(rows[0]?.fund_payamt)
}

/** What every client makes of an answer: who takes it for a success. */
export const takenForSuccess = (answerText: string): Record<string, boolean> => {
  const answer = parseAnswer(answerText)
  return Object.fromEntries(CLIENTS.map((client) => [client.name, client.success(answer)]))
}

const stumbles = (answerText: string, read: (client: Client, output: Node) => readonly string[]): string[] => {
  const output = (parseAnswer(answerText).output ?? {}) as Node
  return CLIENTS.flatMap((client) => read(client, output).map((fault) => `${client.name}：${fault}`))
}

/** Everything any client stumbles over in the answer to a settlement, a pre-settlement or a cancellation. */
export const settlementStumbles = (answerText: string): string[] =>
  stumbles(answerText, (client, output) => client.settlement?.(output) ?? [])

/** The same of the answer to 1101. */
export const personStumbles = (answerText: string): string[] =>
  stumbles(answerText, (client, output) => client.person?.(output) ?? [])
