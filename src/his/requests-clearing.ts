import { type Fault, isRefusal, type Refusal } from '../kernel/refusal.ts'
import { amount, count, day, ident, month, otherwise, required, text } from './fields.ts'
import { columns, DATA_NODES, inputInvalid, isNode, type Node, type Row, readNode } from './read-node.ts'

/** Accounts between the hospital and the centre, and the files they exchange. */
const period = { stmt_begndate: required(day), stmt_enddate: required(day) }
const statement = columns({
  ...period,
  insutype: required(ident(6)),
  clr_type: required(ident(6)),
  setl_optins: required(ident(6)),
  medfee_sumamt: required(amount),
  fund_pay_sumamt: required(amount),
  acct_pay: required(amount),
  fixmedins_setl_cnt: required(count),
  refd_setl_flag: text(3),
})
export type StatementData = Row<typeof statement>
const details = columns({
  ...period,
  setl_optins: required(ident(6)),
  /** Left out where the rows stand in the message itself. */
  file_qury_no: ident(40),
  medfee_sumamt: required(amount),
  fund_pay_sumamt: required(amount),
  cash_payamt: required(amount),
  fixmedins_setl_cnt: required(count),
  insutype: ident(6),
  clr_type: ident(6),
  refd_setl_flag: text(3),
})
export type DetailsData = Row<typeof details>
const application = columns({
  clr_type: required(ident(30)),
  clr_way: text(30),
  setlym: required(month),
  psntime: required(count),
  medfee_sumamt: required(amount),
  med_sumfee: required(amount),
  fund_appy_sum: required(amount),
  cash_payamt: required(amount),
  acct_pay: otherwise(amount, 0),
  begndate: required(day),
  enddate: required(day),
})
export type ApplicationData = Row<typeof application>
const withdrawal = columns({ clr_appy_evt_id: required(ident(40)) })

/** A period that ends before it begins is told as a fault of its end. */
function inOrder<T extends object>(read: T | Refusal, from: keyof T & string, to: keyof T & string): T | Refusal {
  if (isRefusal(read) || String(read[from]) <= String(read[to])) return read
  return inputInvalid([
    { path: `data.${to}`, message: `结束日期 ${to} ${read[to]} 早于开始日期 ${from} ${read[from]}` },
  ])
}

export const read3201 = (input: Node): StatementData | Refusal =>
  inOrder(readNode(statement, input, DATA_NODES), 'stmt_begndate', 'stmt_enddate')
export const read3202 = (input: Node): DetailsData | Refusal =>
  inOrder(readNode(details, input, DATA_NODES), 'stmt_begndate', 'stmt_enddate')
export const read3203 = (input: Node): ApplicationData | Refusal =>
  inOrder(readNode(application, input, DATA_NODES), 'begndate', 'enddate')
export const read3204 = (input: Node) => readNode(withdrawal, input, DATA_NODES)

const download = columns({ file_qury_no: required(ident(40)), filename: text(200), fixmedins_code: ident(30) })
export const read9102 = (input: Node) => readNode(download, input, ['fsDownloadIn', 'data'])

const upload = columns({ filename: required(text(200)), fixmedins_code: ident(30) })
export interface UploadData extends Row<typeof upload> {
  readonly bytes: Uint8Array
}

/** A file as clients write it: Base64, or a list of bytes, which Java counts from -128. */
function bytesOf(raw: unknown): Uint8Array | null {
  if (typeof raw === 'string') return base64(raw)
  if (!Array.isArray(raw) || !raw.every((b) => Number.isInteger(b) && b >= -128 && b <= 255)) return null
  return Uint8Array.from(raw as number[], (b) => b & 255)
}

function base64(text: string): Uint8Array | null {
  const plain = text.replace(/\s/g, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(plain) || plain.length % 4 !== 0) return null
  return Uint8Array.from(atob(plain), (c) => c.charCodeAt(0))
}

export function read9101(input: Node): UploadData | Refusal {
  const names = ['fsUploadIn', 'data']
  const head = readNode(upload, input, names)
  const node = names.map((name) => input[name]).find(isNode)
  const bytes = bytesOf(node?.in)
  const fault: Fault[] =
    bytes && bytes.length > 0 ? [] : [{ path: 'fsUploadIn.in', message: '文件数据 in：须为 Base64 文本或字节列表' }]
  if (isRefusal(head)) return node ? inputInvalid([...(head.errors ?? []), ...fault]) : head
  return bytes && fault.length === 0 ? { ...head, bytes } : inputInvalid(fault)
}
