import type { Hospital } from '../hospitals/hospital.ts'
import type { Day } from '../kernel/day.ts'
import type { Fen } from '../kernel/money.ts'
import { REFUSALS } from '../kernel/refusal.ts'
import { type DocumentState, type Missed, numberTold } from '../settlement/exchange.ts'
import { fenOf, numberOf, present, type SettlementOutput, TEXTS } from './assisted.ts'
import { clockTime, dayIn, yuan } from './fields.ts'
import { listOf } from './identity.ts'
import { cell, type Node, rightlySpelt } from './read-node.ts'
import { ASSISTANCE_FUNDS, isAssistanceRow, SETL_AMOUNTS, type SetlAmount, TWINS } from './setlinfo.ts'
import type { Visit } from './visit.ts'

/** What is known of a document beside what the hospital was told in it. */
export interface LookedUp {
  readonly document: DocumentState
  /** The number of the message that brought it. */
  readonly msgid: string
  readonly hospital: Hospital
  readonly hosp_lv: string
  /** What was asked, and by whom. */
  readonly data: Node
  readonly opter: { readonly id: string; readonly name: string }
  readonly visit: Visit
  /** From the register, where the insurer left it out. */
  readonly born: Day | null
  /** The year whose limits it counts against. */
  readonly year: number | null
}

/** 医疗机构 settles. */
const AT_THE_HOSPITAL = '2'
/** 联网结算. */
const ONLINE = '2'
const MORE_TEXTS = ['emp_name', 'fixmedins_poolarea', 'lmtpric_hosp_lv', 'dedc_hosp_lv'] as const
const MORE_AMOUNTS = ['ownpay_hosp_part', 'hifdm_pay', 'othfund_pay'] as const
const TOO_LATE = '计算救助前已超过等待时间'

/** Every amount as a number; a share that was left out is what the others leave. */
function amountsOf(info: Node): Record<string, number> {
  const given = (...names: readonly string[]): Fen | null => {
    const name = names.find((one) => present(info[one]))
    return name === undefined ? null : fenOf(info[name])
  }
  const fen = Object.fromEntries(SETL_AMOUNTS.map((name) => [name, given(name) ?? 0])) as Record<SetlAmount, Fen>
  const part = given('psn_part_amt', 'psn_pay')
  fen.psn_cash_pay = given('psn_cash_pay', 'cash_payamt') ?? (part === null ? 0 : part - fen.acct_pay)
  fen.psn_part_amt = part ?? fen.acct_pay + fen.psn_cash_pay
  fen.hosp_part_amt = given('hosp_part_amt', 'ownpay_hosp_part') ?? 0
  const twins = TWINS.map(([name, twin]) => [twin, given(twin) ?? fen[name]] as const)
  const more = MORE_AMOUNTS.filter((name) => present(info[name])).map((name) => [name, fenOf(info[name])] as const)
  return Object.fromEntries([...Object.entries(fen), ...twins, ...more].map(([name, value]) => [name, yuan(value)]))
}

function daysOf(info: Node, { visit, data, document }: LookedUp): { begndate: Day; enddate: Day } {
  const enddate = dayIn(info.enddate) ?? visit.end?.day ?? dayIn(data.enddate) ?? document.setl_day
  const begndate = dayIn(info.begndate) ?? visit.begin?.day ?? dayIn(data.begndate) ?? enddate
  return { begndate, enddate }
}

const textsOf = (info: Node): Record<string, string> =>
  Object.fromEntries([...TEXTS, ...MORE_TEXTS].filter((name) => !present(info[name])).map((name) => [name, '']))

function infoOf(info: Node, of: LookedUp): Node {
  const { document, hospital, data, visit } = of
  const said = (name: string, other: unknown = ''): string => String(cell(info, name) ?? cell(data, name) ?? other)
  const at = clockTime(document.at)
  return {
    ...info,
    ...textsOf(info),
    ...amountsOf(info),
    ...Object.fromEntries(['balc', 'pool_prop_selfpay', 'age'].map((name) => [name, numberOf(info[name])])),
    ...daysOf(info, of),
    setl_id: numberTold(document.setl_id),
    setl_time: dayIn(info.setl_time) ? info.setl_time : at,
    setl_type: ONLINE,
    brdy: dayIn(info.brdy) ? info.brdy : of.born,
    clr_type: document.clr_type,
    insu_optins: said('insu_optins', document.setl_optins),
    flxempe_flag: said('flxempe_flag', '0'),
    nwb_flag: said('nwb_flag', '0'),
    pay_loc: AT_THE_HOSPITAL,
    fixmedins_code: hospital.code,
    fixmedins_name: hospital.name,
    hosp_lv: of.hosp_lv,
    // Both sides of a settlement that was taken back are refunded.
    refd_setl_flag: document.kind === 'reversal' || document.reversed_by !== null ? '1' : '0',
    year: String(of.year ?? document.setl_day.slice(0, 4)),
    dise_codg: said('dise_codg', visit.dise_codg ?? ''),
    dise_name: said('dise_name', visit.dise_name ?? ''),
    invono: said('invono'),
    opter_id: of.opter.id,
    opter_name: of.opter.name,
    opt_time: at,
    medins_setl_id: of.msgid,
  }
}

/** Why assistance was not decided, in a few words. */
export const missedTitle = (missed: Missed): string => (missed === 'too_late' ? TOO_LATE : REFUSALS[missed].title)

const sayMissed = (missed: Missed | null): string =>
  missed === null
    ? '本次没有医疗救助。'
    : `本次没有计算医疗救助：${missedTitle(missed)}[${missed}]。医保经办机构核实后补助。`

const rowOf = (row: Node): Node => ({
  ...row,
  fund_pay_type: String(row.fund_pay_type ?? ''),
  fund_pay_type_name: row.fund_pay_type_name ?? '',
  ...Object.fromEntries(
    ['fund_payamt', 'inscp_scp_amt', 'crt_payb_lmt_amt'].map((name) => [name, yuan(fenOf(row[name]))]),
  ),
  setl_proc_info: row.setl_proc_info ?? '',
})

/** Where an answer went through without us, its reason stands in the row of assistance. */
const missedRow = (info: Node, missed: Missed | null): Node => ({
  fund_pay_type: ASSISTANCE_FUNDS[0],
  fund_pay_type_name: '医疗救助基金',
  fund_payamt: 0,
  inscp_scp_amt: yuan(fenOf(info.inscp_scp_amt)),
  crt_payb_lmt_amt: 0,
  setl_proc_info: sayMissed(missed),
})

/** A document as 5203 tells it: what the hospital was told then, every amount a number, every date a date, and what became of it. */
export function lookedUp(told: SettlementOutput, of: LookedUp): SettlementOutput {
  const info = rightlySpelt(told.setlinfo)
  const rows = listOf(told.setldetail).map(rowOf)
  const ours = rows.some((row) =>
    isAssistanceRow({ fund_pay_type: String(row.fund_pay_type), setl_proc_info: String(row.setl_proc_info) }),
  )
  return {
    setlinfo: infoOf(info, of),
    setldetail: ours ? rows : [...rows, missedRow(info, of.document.missed)],
    expContent: told.expContent ?? null,
  }
}
