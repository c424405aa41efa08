import { formatInstant, type Instant } from '../kernel/day.ts'
import { type Fault, type Refusal, refuse } from '../kernel/refusal.ts'
import { columnName } from './names.ts'
import { isNode, type Node } from './read-node.ts'
import { ERR_MSG_MAX, errMsgOf, listFaults } from './say-refusal.ts'

/** A message of the national interface as every transaction sees it. */
export interface Envelope {
  readonly infno: string
  readonly msgid: string
  readonly mdtrtarea_admvs: string
  readonly insuplc_admdvs: string
  readonly opter: string
  readonly opter_name: string
  readonly inf_time: string
  readonly fixmedins_code: string | null
  readonly signtype: string
  readonly cainfo: string
  readonly sign_no: string
  /** The envelope as it came: what a signature inside the message covers. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly input: Readonly<Record<string, unknown>>
}

/** What a transaction puts out: an object, but for 5204, whose rows stand in the output itself. */
export type Output = Readonly<Record<string, unknown>> | readonly unknown[]

/** Number and times of an answer; made once, kept with it. */
export interface Stamp {
  readonly refmsgid: string
  readonly received: Instant
  readonly answered: Instant
}

/** Sizes of the columns, wider than the specification where clients are known to write more. */
const SIZES: Readonly<Record<string, number>> = {
  recer_sys_code: 30,
  dev_no: 200,
  dev_safe_info: 4000,
  cainfo: 4096,
  signtype: 20,
  infver: 20,
  opter_type: 10,
  opter: 60,
  opter_name: 200,
  inf_time: 40,
  fixmedins_code: 30,
  fixmedins_name: 400,
  sign_no: 64,
}
const INFNO = /^\d{4}[A-Z]?$/
const MSGID = /^[\x20-\x7e]{1,30}$/
const ADMDVS = /^\d{6}$/
/** A message inside a message may not nest deeper than the message itself may. */
const MAX_DEPTH = 32

/** Text or a whole number as text; absent is empty; null: neither. */
function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  return Number.isSafeInteger(value) ? String(value) : null
}

function withinDepth(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return left > 0 && Object.values(value).every((inner) => withinDepth(inner, left - 1))
}

/** The input as an object, or what is wrong with it; one adapter sends it as JSON inside a string. */
function readInput(value: unknown): Node | string {
  if (value === undefined || value === null || value === '') return '缺少，须为对象'
  if (isNode(value)) return value
  if (typeof value !== 'string') return '须为对象'
  try {
    const inner: unknown = JSON.parse(value)
    if (!isNode(inner)) return '文本中须为 JSON 对象'
    return withinDepth(inner, MAX_DEPTH) ? inner : `嵌套超过 ${MAX_DEPTH} 层`
  } catch {
    return '文本不是合格的 JSON'
  }
}

/** The transaction's number: the body's own, which is the more precise (`2203A` at the address of 2203), else the address's. */
function readInfno(text: string, ofPath: string | null, fault: (column: string, message: string) => void): string {
  const infno = text.trim() || (ofPath ?? '')
  if (!infno) fault('infno', '缺少')
  else if (!INFNO.test(infno)) fault('infno', '须为 4 位数字，可带一个大写字母')
  else if (ofPath !== null && ofPath.slice(0, 4) !== infno.slice(0, 4)) {
    fault('infno', `报文为 ${infno}，接口地址为 ${ofPath.slice(0, 5)}，两者须一致`)
  }
  return infno
}

/**
 * Reads a message as tolerantly as its meaning allows: unknown keys, any version, text or numbers, empty or absent
 * optional columns. `infnoOfPath` is the transaction the address names, null where one address serves all.
 */
export function readEnvelope(body: unknown, infnoOfPath: string | null): Envelope | Refusal {
  if (!isNode(body)) return refuse('his_envelope_invalid', '报文须为 JSON 对象')
  const faults: Fault[] = []
  const fault = (column: string, message: string) =>
    void faults.push({ path: column, message: `${columnName(column)}：${message}` })
  const column = (name: string, spelling = name): string => {
    const text = textOf(body[name] ?? body[spelling])
    if (text === null) fault(name, '须为文本')
    else if (SIZES[name] && text.length > SIZES[name]) fault(name, `最多 ${SIZES[name]} 个字`)
    return text ?? ''
  }
  const place = (name: string, spelling: string): string => {
    const text = column(name, spelling).trim()
    if (text && !ADMDVS.test(text)) fault(name, '须为 6 位数字')
    return text
  }
  const infno = readInfno(column('infno'), infnoOfPath, fault)
  // Columns of fixed width pad it, and a 2601 that names it may not: two spellings of one message would both be carried out.
  const msgid = column('msgid').trim()
  if (!msgid) fault('msgid', '缺少')
  else if (!MSGID.test(msgid)) fault('msgid', '须为 1–30 个字母、数字或符号')
  const columns = Object.fromEntries(Object.keys(SIZES).map((name) => [name, column(name).trim()]))
  const input = readInput(body.input)
  if (typeof input === 'string') fault('input', input)
  const envelope = {
    infno,
    msgid,
    mdtrtarea_admvs: place('mdtrtarea_admvs', 'mdtrtarea_admdvs'),
    insuplc_admdvs: place('insuplc_admdvs', 'insuplc_admvs'),
    opter: columns.opter ?? '',
    opter_name: columns.opter_name ?? '',
    inf_time: columns.inf_time ?? '',
    fixmedins_code: columns.fixmedins_code || null,
    signtype: columns.signtype ?? '',
    cainfo: columns.cainfo ?? '',
    sign_no: columns.sign_no ?? '',
    parameters: body,
  }
  if (faults.length === 0 && typeof input !== 'string') return { ...envelope, input }
  return refuse('his_envelope_invalid', listFaults(faults, ERR_MSG_MAX), { errors: faults })
}

/** `yyyyMMddHHmmss` in Beijing time. */
export const digits = (at: Instant): string => formatInstant(at).slice(0, 19).replace(/\D/g, '')

/** `yyyyMMddHHmmssSSS` in Beijing time. */
export const stampTime = (at: Instant): string =>
  digits(at) + String(at - Math.floor(at / 1000) * 1000).padStart(3, '0')

/** The receiver's number of an answer: place (6), time (14), serial (10). */
export const refmsgidOf = (admdvs: string, at: Instant, serial: string): string =>
  (admdvs + digits(at) + serial).slice(0, 30)

/** The stamp of an answer that is told at the moment it is made, where nothing but the hospital's code tells the place. */
export const stampFor = (hospital: string, at: Instant, serial: string): Stamp => ({
  refmsgid: refmsgidOf(hospital.slice(1, 7), at, serial),
  received: at,
  answered: at,
})

function answer(infcode: '0' | '-1', err_msg: string, output: Output | null, stamp: Stamp): string {
  return JSON.stringify({
    // Text, because one client compares it with "0" without asking for its type.
    infcode,
    inf_refmsgid: stamp.refmsgid,
    refmsg_time: stampTime(stamp.received),
    respond_time: stampTime(stamp.answered),
    err_msg,
    enctype: '',
    signtype: '',
    cainfo: '',
    warn_msg: '',
    ...(output === null ? {} : { output }),
  })
}

/** A success on the wire; an output of nothing is an empty object, because clients read into it. */
export const answerOf = (output: Output | null, stamp: Stamp): string => answer('0', '', output ?? {}, stamp)

/** A refusal on the wire: always -1, since one client takes every other number for success. */
export const refusalOf = (refusal: Refusal, stamp: Stamp): string => answer('-1', errMsgOf(refusal), null, stamp)
