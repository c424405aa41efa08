import type { Fen } from '../../src/kernel/money.ts'

export type Json = Readonly<Record<string, unknown>>

/** One message as it came: the envelope's fields the platform looks at, and its input. */
export interface Call {
  readonly infno: string
  /** The transaction without its suffix: 2203A is 2203. */
  readonly base: string
  readonly msgid: string
  readonly hospital: string
  readonly hospitalName: string
  readonly insured: string
  readonly opter: string
  readonly opterName: string
  readonly input: Json
}
export interface Refused {
  readonly refuse: string
}
export const refuse = (why: string): Refused => ({ refuse: why })
export const isRefused = (value: unknown): value is Refused => isJson(value) && typeof value.refuse === 'string'

/** How a province writes its answers; `number` and `list` are what most recorded ones show. */
export interface Dialect {
  readonly infcode: 'number' | 'string'
  readonly amounts: 'number' | 'string'
  readonly idetinfo: 'list' | 'object' | 'null' | 'absent'
}

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const text = (value: unknown): string =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''
export const list = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter(isJson) : isJson(value) ? [value] : []
/** The first of these nodes that the input has; Guangzhou sends `mdtrtinfo` where others send `data`. */
export const node = (input: Json, ...names: readonly string[]): Json =>
  list(names.map((n) => input[n]).find(isJson))[0] ?? {}

/** An amount in yuan, as number or text; null: none was given; undefined: it cannot be read. */
export function fenOf(value: unknown): Fen | null | undefined {
  const written = text(value)
  if (written === '') return null
  const found = /^(-?)(\d{1,11})(?:\.(\d{0,2})0*)?$/.exec(written)
  if (!found) return undefined
  const fen = Number(found[2]) * 100 + Number((found[3] ?? '').padEnd(2, '0'))
  return found[1] && fen !== 0 ? -fen : fen
}

/** A whole number of fen divided by 100 is the double nearest to its two decimals, so JSON prints just those. */
export const yuan = (fen: Fen): number => fen / 100 + 0

const inChina = (at: number) => new Date(at + 8 * 3_600_000).toISOString()
export const wireTime = (at: number): string => inChina(at).slice(0, 19).replace('T', ' ')
export const wireDay = (at: number): string => inChina(at).slice(0, 10)
export const stamp17 = (at: number): string => inChina(at).slice(0, 23).replace(/\D/g, '')

const SERVICES: Readonly<Record<string, string>> = {
  'signInSignOutService/signIn': '9001',
  'fileupload/upload': '9101',
  'fileupload/download': '9102',
  'fsiPsnInfoService/queryPsnInfo': '1101',
  'fsiFixMedInsService/queryFixMedIns': '1201',
  'catalogqueryservice/queryDataDic': '1901',
  'fsiPsnPriorityInfoService/queryPsnPriorityInfo': '2001',
  'outpatientDocInfoService/outpatientRregistration': '2201',
  'outpatientDocInfoService/outpatientRegistrationCancel': '2202',
  'outpatientDocInfoService/outpatientMdtrtinfoUp': '2203',
  'outpatientDocInfoService/outpatientMdtrtinfoUpA': '2203A',
  'outpatientDocInfoService/outpatientFeeListUp': '2204',
  'outpatientDocInfoService/outpatientFeeListUpCancel': '2205',
  'outpatientSettleService/preSettletment': '2206',
  'outpatientSettleService/saveSettletmentV2': '2207',
  'outpatientSettleService/saveSettletment': '2207',
  'outpatientSettleService/cancleSettletment': '2208',
  'hospFeeDtlService/feeDtlUp': '2301',
  'hospFeeDtlService/feeDtlCl': '2302',
  'hospSettService/preSett': '2303',
  'hospSettService/settV2': '2304',
  'hospSettService/settCl': '2305',
  'hospitalRegisterService/hospitalRegisterSave': '2401',
  'dscgService/dischargeProcess': '2402',
  'hospitalRegisterService/hospitalRegisterEdit': '2403',
  'hospitalRegisterService/hospitalRegisterCancel': '2404',
  'dscgService/dischargeUndo': '2405',
  'reverseService/revsMethod': '2601',
  'ybSettlementStmtService/stmtTotal': '3201',
  'ybSettlementStmtService/stmtDetail': '3202',
  'fsiIntegratedQueryService/querySetlInfo': '5203',
  'fsiIntegratedQueryService/queryFeeList': '5204',
  'fsiIntegratedQueryService/queryFixmedinsPracPsnSum': '5206',
  'fsiIntegratedQueryService/queryPsnOpspReg': '5301',
  'fsiIntegratedQueryService/queryInhospInfo': '5303',
}
const INFNO = /^\d{4}[A-Z]?$/

/** What the address itself says about the transaction; the one-address style says nothing. */
export function infnoOfPath(path: string): string | null {
  const [method = '', service = ''] = path.split('?', 1)[0]?.split('/').reverse() ?? []
  return SERVICES[`${service}/${method}`] ?? (INFNO.test(method) ? method : null)
}

/** Reads a message; `input` may be a text that holds JSON. */
export function readCall(path: string, body: string): Call | Refused {
  const read = parsed(body)
  if (!isJson(read)) return refuse('报文格式错误：不是JSON对象')
  const told = infnoOfPath(path)
  const infno = text(read.infno) || told || ''
  if (!INFNO.test(infno)) return refuse('交易编号[infno]不能为空或格式错误')
  const base = infno.slice(0, 4)
  if (told && told.slice(0, 4) !== base) return refuse(`请求地址对应交易${told}，与报文交易编号${infno}不一致`)
  const msgid = text(read.msgid)
  if (msgid === '' || msgid.length > 30) return refuse('发送方报文ID[msgid]不能为空且不超过30位')
  const input = typeof read.input === 'string' ? parsed(read.input) : (read.input ?? {})
  if (!isJson(input)) return refuse('交易输入[input]格式错误')
  return {
    infno,
    base,
    msgid,
    hospital: text(read.fixmedins_code),
    hospitalName: text(read.fixmedins_name),
    insured: text(read.insuplc_admdvs),
    opter: text(read.opter),
    opterName: text(read.opter_name),
    input,
  }
}

export function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

export interface Stamp {
  readonly admdvs: string
  readonly serial: number
  readonly received: number
  readonly answered: number
}

/** The answer's text; a refusal has no output. */
export function answerText(
  said: Refused | { readonly output: unknown },
  stamp: Stamp,
  dialect: Dialect,
  code = -1,
): string {
  const refused = isRefused(said)
  const infcode = refused ? code : 0
  const head = {
    infcode: dialect.infcode === 'string' ? String(infcode) : infcode,
    inf_refmsgid: `${stamp.admdvs}${stamp17(stamp.received).slice(0, 14)}${String(stamp.serial).padStart(10, '0')}`,
    refmsg_time: stamp17(stamp.received),
    respond_time: stamp17(stamp.answered),
    enctype: '',
    signtype: '',
    err_msg: refused ? said.refuse : null,
  }
  if (refused) return JSON.stringify(head)
  const texts = (_: string, value: unknown) => (typeof value === 'number' ? String(value) : value)
  const output = dialect.amounts === 'string' ? JSON.stringify(said.output, texts) : JSON.stringify(said.output)
  return `${JSON.stringify(head).slice(0, -1)},"output":${output ?? 'null'}}`
}
