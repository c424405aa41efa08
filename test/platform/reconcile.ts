import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { formatYuan } from '../../src/kernel/money.ts'
import type { Clearing, Document, Stored } from './books.ts'
import type { Desk, Transaction } from './settle.ts'
import { type Call, fenOf, isRefused, type Json, node, type Refused, refuse, text, wireDay, wireTime } from './wire.ts'

export const UPLOADED = [
  'setl_id',
  'mdtrt_id',
  'psn_no',
  'medfee_sumamt',
  'fund_pay_sumamt',
  'acct_pay',
  'refd_setl_flag',
  'exp_content',
] as const
export const ANSWERED = [
  'psn_no',
  'mdtrt_id',
  'setl_id',
  'msgid',
  'stmt_rslt',
  'refd_setl_flag',
  'memo',
  'medfee_sumamt',
  'fund_pay_sumamt',
  'acct_pay',
  'exp_content',
] as const
const AMOUNTS = ['medfee_sumamt', 'fund_pay_sumamt', 'acct_pay'] as const
const [EQUAL, CENTRE_MORE, HOSPITAL_MORE, DIFFERS] = ['000000', '000101', '000102', '000103']

const refunded = (desk: Desk, d: Document) => d.of !== null || desk.books.takenBack.has(d.setl_id)

/** One rule: every document counts, cancellations with their minus; `refd_setl_flag` 0 leaves cancelled pairs out. */
function documentsOf(desk: Desk, call: Call, data: Json): Document[] {
  const same = (said: unknown, ours: string) => text(said) === '' || text(said) === ours
  const from = text(data.stmt_begndate).slice(0, 10)
  const until = text(data.stmt_enddate).slice(0, 10)
  return [...desk.books.documents.values()].filter(
    (d) =>
      d.hospital === call.hospital &&
      wireDay(d.at) >= from &&
      wireDay(d.at) <= until &&
      same(data.insutype, d.insutype) &&
      same(data.clr_type, d.inpatient ? '21' : '11') &&
      same(data.setl_optins, d.clr_optins) &&
      same(data.refd_setl_flag, refunded(desk, d) ? '1' : '0'),
  )
}
const sum = (documents: readonly Document[], name: (typeof AMOUNTS)[number]) =>
  documents.reduce((total, d) => total + d.amounts[name], 0)

function resultOf(theirs: readonly (number | null | undefined)[], count: number, ours: readonly Document[]): string {
  if (count < ours.length) return CENTRE_MORE
  if (count > ours.length) return HOSPITAL_MORE
  return AMOUNTS.every((name, i) => theirs[i] === sum(ours, name)) ? EQUAL : DIFFERS
}

export const t3201: Transaction = (desk, call) => {
  const data = node(call.input, 'data')
  const theirs = AMOUNTS.map((name) => fenOf(data[name]))
  const count = Number(text(data.fixmedins_setl_cnt))
  if (theirs.some((fen) => fen === null || fen === undefined) || !Number.isInteger(count))
    return refuse('对账金额或笔数为空或格式错误')
  const ours = documentsOf(desk, call, data)
  const [fee, fund, account] = AMOUNTS.map((name) => formatYuan(sum(ours, name)))
  const stmt_rslt_dscr = `中心：${ours.length}笔，医疗费总额${fee}，基金支付总额${fund}，个人账户支付${account}`
  return {
    output: {
      stmtinfo: { setl_optins: text(data.setl_optins), stmt_rslt: resultOf(theirs, count, ours), stmt_rslt_dscr },
    },
  }
}

const table = (rows: readonly Json[], columns: readonly string[]): string =>
  rows.map((row) => columns.map((name) => text(row[name]) || 'null').join('\t')).join('\n')

/** The rows of the one text in the ZIP; `null` is nothing. */
export function readRows(zip: Uint8Array, columns: readonly string[]): Json[] | null {
  let files: Record<string, Uint8Array>
  try {
    files = unzipSync(zip)
  } catch {
    return null
  }
  const [first] = Object.values(files)
  if (!first) return null
  const lines = strFromU8(first)
    .split(/\r?\n/)
    .filter((line) => line !== '')
  return lines.map((line) => {
    const cells = line.split('\t').map((cell) => (cell === 'null' ? '' : cell))
    return Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? '']))
  })
}
export const writeRows = (name: string, rows: readonly Json[], columns: readonly string[]): Uint8Array =>
  zipSync({ [name]: strToU8(table(rows, columns)) })

function rowOf(desk: Desk, d: Document, stmt_rslt: string, memo: string): Json {
  const amounts = Object.fromEntries(AMOUNTS.map((name) => [name, formatYuan(d.amounts[name])]))
  const ids = { psn_no: d.psn_no, mdtrt_id: d.mdtrt_id, setl_id: d.setl_id, msgid: d.msgid }
  return { ...ids, stmt_rslt, refd_setl_flag: refunded(desk, d) ? '1' : '0', memo, ...amounts }
}

/** Row against document by setl_id; a row that came twice is too many the second time. */
function compare(desk: Desk, theirs: readonly Json[], ours: readonly Document[]): Json[] {
  const open = new Map(ours.map((d) => [d.setl_id, d]))
  const rows = theirs.map((row) => {
    const d = open.get(text(row.setl_id))
    if (!d) return { ...row, msgid: '', stmt_rslt: HOSPITAL_MORE, memo: '医院多' }
    open.delete(d.setl_id)
    const same = AMOUNTS.every((name) => fenOf(row[name]) === d.amounts[name])
    const who = d.psn_no === text(row.psn_no) && d.mdtrt_id === text(row.mdtrt_id)
    return rowOf(desk, d, same && who ? EQUAL : DIFFERS, same && who ? '' : '数据不一致')
  })
  return [...rows, ...[...open.values()].map((d) => rowOf(desk, d, CENTRE_MORE, '中心多'))]
}

const store = (call: Call, serial: number, filename: string, bytes: Uint8Array): Stored => ({
  file_qury_no: `F${String(serial + 1).padStart(11, '0')}`,
  hospital: call.hospital,
  filename,
  base64: Buffer.from(bytes).toString('base64'),
})
const receipt = (desk: Desk, { file_qury_no, filename }: Stored): Json => ({
  file_qury_no,
  filename,
  dld_endtime: wireTime(desk.now + 7 * 86_400_000),
})

function fileFor(desk: Desk, call: Call, file_qury_no: unknown): Stored | Refused {
  const file = desk.books.files.get(text(file_qury_no))
  return file?.hospital === call.hospital ? file : refuse(`未查询到文件[${text(file_qury_no)}]`)
}

export const t3202: Transaction = (desk, call) => {
  const data = node(call.input, 'data')
  const file = fileFor(desk, call, data.file_qury_no)
  if (isRefused(file)) return file
  const theirs = readRows(Buffer.from(file.base64, 'base64'), UPLOADED)
  if (!theirs) return refuse('对账明细文件不是有效的ZIP文件')
  const totals = AMOUNTS.slice(0, 2).every(
    (name) => fenOf(data[name]) === theirs.reduce((total, row) => total + (fenOf(row[name]) ?? 0), 0),
  )
  if (!totals || Number(text(data.fixmedins_setl_cnt)) !== theirs.length) return refuse('对账汇总与明细文件不一致')
  const rows = compare(desk, theirs, documentsOf(desk, call, data))
  const name = `3202_${wireDay(desk.now).replaceAll('-', '')}_${desk.books.serial + 1}`
  const result = store(call, desk.books.serial, `${name}.zip`, writeRows(`${name}.txt`, rows, ANSWERED))
  return { output: { fileinfo: receipt(desk, result) }, events: [{ did: 'file', file: result }] }
}

/** Bytes come as base64 or as a list of numbers; Java's run from -128. */
function bytesOf(value: unknown): Uint8Array | null {
  if (typeof value === 'string' && value !== '') return Buffer.from(value, 'base64')
  if (!Array.isArray(value) || value.length === 0) return null
  return value.every((b) => Number.isInteger(b) && b >= -128 && b <= 255)
    ? Uint8Array.from(value, (b) => b & 255)
    : null
}

export const t9101: Transaction = (desk, call) => {
  const data = node(call.input, 'fsUploadIn', 'data')
  const bytes = bytesOf(data.in)
  if (!bytes || text(data.filename) === '') return refuse('上传文件内容或文件名为空')
  const file = store(call, desk.books.serial, text(data.filename), bytes)
  return { output: { ...receipt(desk, file), fixmedins_code: call.hospital }, events: [{ did: 'file', file }] }
}

export const t9102: Transaction = (desk, call) => {
  const file = fileFor(desk, call, node(call.input, 'fsDownloadIn', 'data').file_qury_no)
  return isRefused(file) ? file : { bytes: Buffer.from(file.base64, 'base64'), filename: file.filename }
}

export const t3203: Transaction = (desk, call) => {
  const data = node(call.input, 'data')
  const [med, fund, cash] = ['med_sumfee', 'fund_appy_sum', 'cash_payamt'].map((name) => fenOf(data[name]) ?? null)
  if (med === null || fund === null || cash === null || med === undefined || fund === undefined || cash === undefined)
    return refuse('清算申请金额为空或格式错误')
  if (med !== fund + cash) return refuse('医疗总费用应等于基金申请总额与现金支付之和')
  const clr_appy_evt_id = `Q${String(desk.books.serial + 1).padStart(11, '0')}`
  const clearing: Clearing = { clr_appy_evt_id, hospital: call.hospital, data, withdrawn: false }
  return { output: { result: { clr_appy_evt_id } }, events: [{ did: 'clearing', clearing }] }
}

export const t3204: Transaction = (desk, call) => {
  const id = text(node(call.input, 'data').clr_appy_evt_id)
  const clearing = desk.books.clearings.get(id)
  if (!clearing || clearing.hospital !== call.hospital) return refuse(`未查询到清算申请[${id}]`)
  if (clearing.withdrawn) return refuse(`清算申请[${id}]已撤销`)
  return { output: {}, events: [{ did: 'clearing', clearing: { ...clearing, withdrawn: true } }] }
}
