import { ageOn, type Day } from '../kernel/day.ts'
import { type Fen, MAX_FEN } from '../kernel/money.ts'
import { bornOn, readResidentId } from '../kernel/resident-id.ts'
import { amount, readable, yuan } from './fields.ts'
import { isNode, type Node } from './read-node.ts'
import { cutText } from './say-refusal.ts'
import {
  ASSISTANCE_FUNDS,
  type FundRow,
  type Insured,
  isAssistanceRow,
  SETL_AMOUNTS,
  type SetlAmount,
  TWINS,
} from './setlinfo.ts'

/** What we add to the insurer's answer. */
export interface Added {
  /** Below zero on the document of a cancellation. */
  readonly assistance: Fen
  /** What is left of the narrowest limit; null: none applies. */
  readonly left: Fen | null
  readonly working: string
  /** Our settlement or reversal; null for a preview. */
  readonly settlement_no: string | null
  readonly msgid: string
}

/** The output of a settlement on the wire. */
export interface SettlementOutput {
  readonly setlinfo: Node
  readonly setldetail: readonly Node[]
  readonly expContent: unknown
}

/** Typed clients want a number where there is no limit. */
export const NO_LIMIT: Fen = MAX_FEN
/** `setl_proc_info` is C4000. */
const PROC_INFO_MAX = 4000
/** Columns of text that a client may read without asking whether they are there. */
export const TEXTS = [
  'mdtrt_id',
  'setl_id',
  'psn_no',
  'psn_name',
  'psn_cert_type',
  'certno',
  'gend',
  'naty',
  'insutype',
  'psn_type',
  'cvlserv_flag',
  'setl_time',
  'mdtrt_cert_type',
  'med_type',
  'clr_optins',
  'clr_way',
] as const
/** Not known before the settlement: null in the answer of a pre-settlement, as platforms write it. */
const UNSETTLED = ['setl_id', 'setl_time', 'clr_way', 'clr_optins'] as const
/** Numbers of the answer that no document turns round. */
const STANDING = ['balc', 'pool_prop_selfpay'] as const

export const numberOf = (raw: unknown): number => {
  const n = typeof raw === 'string' ? Number(raw.trim()) : raw
  return typeof n === 'number' && Number.isFinite(n) ? n : 0
}
export const fenOf = (raw: unknown): Fen => readable(amount, raw) ?? 0
export const present = (raw: unknown): boolean => raw !== undefined && raw !== null && raw !== ''

/** Which funds and shares assistance moves, and in what direction. */
const MOVES: Partial<Record<SetlAmount, 1 | -1>> = {
  maf_pay: 1,
  fund_pay_sumamt: 1,
  psn_part_amt: -1,
  psn_cash_pay: -1,
}

function amountsOf(insured: Insured, assistance: Fen): Record<string, number> {
  const { amounts, node } = insured
  const moved = Object.fromEntries(
    SETL_AMOUNTS.map((name) => [name, yuan(amounts[name] + (MOVES[name] ?? 0) * assistance)]),
  )
  // A twin that says something else than its column is not ours to change.
  const twins = TWINS.filter(([name, twin]) => present(node[twin]) && fenOf(node[twin]) === amounts[name])
  return { ...moved, ...Object.fromEntries(twins.map(([name, twin]) => [twin, moved[name] ?? 0])) }
}

/** Birth and age for typed clients, from the ID number where the platform left them out. */
function bornAndAge(insured: Insured): { brdy: unknown; age: number } {
  const { node } = insured
  const id = readResidentId(insured.certno ?? '')
  const born: Day | null = id === null ? null : bornOn(id)
  const brdy = present(node.brdy) ? node.brdy : born
  if (present(node.age)) return { brdy, age: numberOf(node.age) }
  return { brdy, age: born && insured.setl_time ? ageOn(born, insured.setl_time.day) : 0 }
}

/** How the hospital and the insurer group it for clearing; by the kind of visit where the platform does not say. */
export const clrTypeOf = (insured: Pick<Insured, 'clr_type' | 'med_type'>): string =>
  insured.clr_type ?? (/^(2|52)/.test(insured.med_type ?? '') ? '21' : '11')

function infoOf(insured: Insured, added: Added): Record<string, unknown> {
  const { node } = insured
  const texts = TEXTS.filter((name) => !present(node[name])).map((name) => [name, ''])
  return {
    ...node,
    ...Object.fromEntries(texts),
    ...Object.fromEntries(STANDING.map((name) => [name, numberOf(node[name])])),
    ...amountsOf(insured, added.assistance),
    ...bornAndAge(insured),
    clr_type: clrTypeOf(insured),
    medins_setl_id: added.msgid,
  }
}

const rowOf = (row: FundRow): Node => ({
  ...row.node,
  fund_pay_type: row.fund_pay_type,
  fund_pay_type_name: row.node.fund_pay_type_name ?? '',
  fund_payamt: yuan(row.fund_payamt),
  inscp_scp_amt: yuan(row.inscp_scp_amt ?? 0),
  crt_payb_lmt_amt: yuan(row.crt_payb_lmt_amt ?? 0),
  setl_proc_info: row.node.setl_proc_info ?? '',
})

/** The row of assistance stands there for every decision, so that the reasons for nothing reach the counter too. */
const assistanceRow = (insured: Insured, added: Added): Node => ({
  fund_pay_type: ASSISTANCE_FUNDS[0],
  fund_pay_type_name: '医疗救助基金',
  fund_payamt: yuan(added.assistance),
  inscp_scp_amt: yuan(insured.amounts.inscp_scp_amt),
  crt_payb_lmt_amt: yuan(added.left ?? NO_LIMIT),
  setl_proc_info: cutText(
    (added.settlement_no === null ? '' : `救助结算单号 ${added.settlement_no}。`) + added.working,
    PROC_INFO_MAX,
  ),
})

/** What the insurer says in `expContent`, with our number beside it where its form allows. */
function expContentOf(theirs: unknown, settlement_no: string | null): unknown {
  if (settlement_no === null) return theirs ?? null
  const ours = { maf_setl_no: settlement_no }
  if (!present(theirs)) return JSON.stringify(ours)
  if (isNode(theirs)) return { ...theirs, ...ours }
  if (typeof theirs !== 'string') return theirs
  try {
    const inside: unknown = JSON.parse(theirs)
    return isNode(inside) ? JSON.stringify({ ...inside, ...ours }) : theirs
  } catch {
    return theirs
  }
}

/**
 * The insurer's answer with assistance in it: the fund grows by what the patient's cash shrinks, everything else
 * stands as it came. Also for the insurer's own document of a cancellation, with assistance below zero.
 */
export function assistedOutput(insured: Insured, added: Added): SettlementOutput {
  const cash = insured.amounts.psn_cash_pay
  if (added.assistance * (cash - added.assistance) < 0) throw new Error('assistance exceeds what the patient pays')
  return {
    setlinfo: infoOf(insured, added),
    setldetail: [...insured.rows.filter((row) => !isAssistanceRow(row)).map(rowOf), assistanceRow(insured, added)],
    expContent: expContentOf(insured.expContent, added.settlement_no),
  }
}

/** The same before anything is booked. */
export function previewOutput(insured: Insured, added: Omit<Added, 'settlement_no'>): SettlementOutput {
  const output = assistedOutput(insured, { ...added, settlement_no: null })
  return { ...output, setlinfo: { ...output.setlinfo, ...Object.fromEntries(UNSETTLED.map((name) => [name, null])) } }
}

export interface Cancel {
  readonly setl_id: string
  /** `yyyy-MM-dd HH:mm:ss` */
  readonly setl_time: string
  readonly msgid: string
  /** Our reversal. */
  readonly settlement_no: string | null
}

/** Amounts some platforms add to the columns of the specification. */
const EXTENSIONS = ['hifdm_pay', 'othfund_pay'] as const
const FLIPPED: readonly string[] = [...SETL_AMOUNTS, ...TWINS.map(([, twin]) => twin), ...EXTENSIONS]
const flip = (raw: unknown): number => yuan(-fenOf(raw))

/** A new document that takes the old one back: the same columns, every amount turned round. */
export function cancelledOutput(output: SettlementOutput, cancel: Cancel): SettlementOutput {
  const flipped = FLIPPED.filter((name) => present(output.setlinfo[name])).map((name) => [
    name,
    flip(output.setlinfo[name]),
  ])
  return {
    setlinfo: {
      ...output.setlinfo,
      ...Object.fromEntries(flipped),
      setl_id: cancel.setl_id,
      setl_time: cancel.setl_time,
      medins_setl_id: cancel.msgid,
    },
    setldetail: output.setldetail.map((row) => ({
      ...row,
      fund_payamt: flip(row.fund_payamt),
      inscp_scp_amt: flip(row.inscp_scp_amt),
    })),
    expContent: expContentOf(output.expContent, cancel.settlement_no),
  }
}
