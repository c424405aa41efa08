import { formatInstant, type Instant } from '../../kernel/day.ts'
import { asNumber, asShortText, asText, type WriteAmount } from './his-bill.ts'
import { READERS, type Reader } from './readers.ts'

type Node = Readonly<Record<string, unknown>>

/** How one family of hospital systems writes its messages. */
export interface Dialect {
  readonly id: string
  readonly name: string
  /** `nth` counts the messages of this run. */
  readonly msgid: (hospital: string, at: Instant, nth: number) => string
  readonly path: (infno: string) => string
  /** What stands in its envelope beside the usual. */
  readonly envelope: (at: Instant) => Node
  /** The node of settlements. */
  readonly node: 'data' | 'mdtrtinfo'
  readonly inputAsText: boolean
  readonly indented: boolean
  readonly amount: WriteAmount
  /** Columns of its own in the node. */
  readonly extra: Node
  /** Constant batch number; null: a new one for each charge. */
  readonly batch: string | null
  readonly reader: Reader
}

const digits = (at: Instant): string => formatInstant(at).slice(0, 19).replace(/\D/g, '')
const clock = (at: Instant): string => formatInstant(at).slice(0, 19).replace('T', ' ')
const four = (nth: number): string => String(nth % 10_000).padStart(4, '0')
const MONTH_MS = 30 * 86_400_000

const SERVICES: Readonly<Record<string, string>> = {
  '1101': 'fsiPsnInfoService/queryPsnInfo',
  '2206': 'outpatientSettleService/preSettletment',
  '2207': 'outpatientSettleService/saveSettletmentV2',
  '2208': 'outpatientSettleService/cancleSettletment',
  '2601': 'reverseService/revsMethod',
  '5203': 'fsiIntegratedQueryService/querySetlInfo',
}
const one = (): string => '/his'
const byNumber = (infno: string): string => `/his/${infno}`
const byService = (infno: string): string => `/fsi/api/${SERVICES[infno] ?? ''}`

const readerOf = (id: string): Reader => {
  const reader = READERS.find((r) => r.id === id)
  if (!reader) throw new Error(`no reader ${id}`)
  return reader
}

/** The composition the specification asks for, with a true sequence. */
const SPEC: Dialect = {
  id: 'A',
  name: '规范写法：文本金额，真流水号',
  msgid: (hospital, at, nth) => `${hospital}${digits(at)}${four(nth)}`,
  path: one,
  envelope: (at) => ({ inf_time: clock(at), infver: 'V1.0', sign_no: '654002202603120800000000000001' }),
  node: 'data',
  inputAsText: false,
  indented: false,
  amount: asText,
  extra: {},
  batch: null,
  reader: readerOf('A'),
}

export const DIALECTS: readonly Dialect[] = [
  SPEC,
  { ...SPEC, id: 'B', name: '按服务路径，数字金额', path: byService, amount: asNumber, reader: readerOf('B') },
  {
    ...SPEC,
    id: 'C',
    name: '一个地址，未用的列写 null',
    amount: asNumber,
    extra: { invono: null, mid_setl_flag: null, order_no: null },
    reader: readerOf('C'),
  },
  {
    ...SPEC,
    id: 'D',
    name: 'input 是 JSON 文本，带 signtype 和 cainfo',
    envelope: (at) => ({ ...SPEC.envelope(at), signtype: 'SM2', cainfo: 'AAAA' }),
    inputAsText: true,
    reader: readerOf('D'),
  },
  {
    ...SPEC,
    id: 'E',
    name: '动态库：设备号 "1"，多出不认识的列',
    envelope: (at) => ({ ...SPEC.envelope(at), dev_no: '1', enc_type: 'none', medins_code: 'X', insur_code: '654000' }),
    reader: readerOf('B'),
  },
  {
    ...SPEC,
    id: 'F',
    name: '报文头多 serv_code、serv_sign，版本 "1"，六位签到号',
    envelope: (at) => ({ inf_time: clock(at), infver: '1', serv_code: 'S', serv_sign: 'T', sign_no: '651918' }),
    amount: asNumber,
    extra: { return_invono: '', return_date: '' },
    reader: readerOf('B'),
  },
  {
    ...SPEC,
    id: 'G',
    name: '自助机：opter_type 2，没有签到号',
    envelope: (at) => ({ inf_time: clock(at), infver: 'V1.0', opter_type: '2', sign_no: '' }),
    reader: readerOf('B'),
  },
  { ...SPEC, id: 'H', name: '地址带交易编号，金额不补零', path: byNumber, amount: asShortText, reader: readerOf('B') },
  {
    ...SPEC,
    id: 'I',
    name: 'msgid 26 位没有流水号，mdtrtinfo 节点，缩进的 JSON，批次号恒为 "1"',
    msgid: (hospital, at) => `${hospital}${digits(at)}`,
    path: byNumber,
    envelope: (at) => ({
      ...{ inf_time: clock(at), infver: '1.0.0', recer_sys_code: 'HIS', recer_admdvs: '654002' },
      ...{ signtype: 'SM3', cainfo: '0'.repeat(64), opter: '01', opter_name: '001234' },
    }),
    node: 'mdtrtinfo',
    indented: true,
    extra: { mdtrt_mode: '0', mid_setl_flag: '0', order_no: '' },
    batch: '1',
    reader: readerOf('I'),
  },
  {
    ...SPEC,
    id: 'J',
    name: '流水号恒为 9999，版本 1.0，cainfo、signtype 写 "1"',
    msgid: (hospital, at) => `${hospital}${digits(at)}9999`,
    path: byService,
    envelope: (at) => ({
      ...{ inf_time: clock(at), infver: '1.0', recer_sys_code: 'MBS_LOCAL' },
      ...{ dev_no: '1', dev_safe_info: '1', cainfo: '1', signtype: '1', sign_no: '651918' },
    }),
    reader: readerOf('B'),
  },
  {
    ...SPEC,
    id: 'K',
    name: 'msgid 写作 时间-机构-流水，发送时间早一个月，设备号 null',
    msgid: (hospital, at, nth) => `${digits(at).slice(2)}-${hospital.slice(0, 12)}-${four(nth)}`,
    envelope: (at) => ({
      inf_time: clock(at - MONTH_MS),
      infver: 'V1.0',
      dev_no: null,
      dev_safe_info: null,
      sign_no: '',
    }),
    amount: asShortText,
    reader: readerOf('B'),
  },
  {
    ...SPEC,
    id: 'L',
    name: '没有签到号、没有机构编号',
    envelope: (at) => ({ inf_time: clock(at), infver: '1', sign_no: null, fixmedins_code: '' }),
    amount: asNumber,
    reader: readerOf('B'),
  },
]

export const REFERENCE: Dialect = SPEC
