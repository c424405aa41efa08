import { dayOf } from '../kernel/day.ts'
import type { Fen } from '../kernel/money.ts'
import type { Refusal, RefusalCode } from '../kernel/refusal.ts'
import { readResidentId } from '../kernel/resident-id.ts'
import { blindIndex } from '../kernel/seal.ts'
import { personBlindKey } from '../register/holding.ts'
import { findPeople } from '../register/queries.ts'
import type { UndecidedDraft } from '../settlement/exchange.ts'
import { amount, ident, moment, readable } from './fields.ts'
import { askedOf, psnBlind, sealDocument } from './kept.ts'
import { personOfPsn } from './queries.ts'
import { cell, isNode, type Node } from './read-node.ts'
import { billNoOf, isOutpatientInfno, type SettleData } from './requests-settle.ts'
import { type InsurerWords, opterOf } from './told.ts'
import type { HisCall, HisDeps } from './transaction.ts'

/** For these nobody in our area owes the patient anything. */
const NOTHING_OUTSTANDING: ReadonlySet<RefusalCode> = new Set([
  'person_unknown',
  'no_scheme',
  'assistance_already_paid',
])

/** Whether the office knows the patient: only then may something be outstanding. */
async function isRegistered(deps: HisDeps, data: SettleData, info: Node): Promise<boolean> {
  const shown = data.mdtrt_cert_type === '02' ? data.mdtrt_cert_no : null
  const id = readResidentId(String(cell(info, 'certno') ?? '')) ?? readResidentId(shown ?? '')
  const blind =
    id === null
      ? await personOfPsn(deps.store, psnBlind(deps.keys, data.psn_no))
      : blindIndex(deps.keys, personBlindKey('resident_id', id))
  return blind !== null && (await findPeople(deps.store.read, deps.store.tables, [blind])).has(blind)
}

/**
 * The document of a settlement the insurer has made and we cannot read as a bill: its amounts as far as they are
 * there, so that the accounts with the hospital still meet. Null where even its number is missing.
 */
export async function undecidedDocument(
  deps: HisDeps,
  call: HisCall,
  data: SettleData,
  output: Node,
  why: Refusal,
): Promise<UndecidedDraft | null> {
  const info = isNode(output.setlinfo) ? output.setlinfo : {}
  const setl_id = String(cell(info, 'setl_id') ?? '').trim()
  if (!/^[\x21-\x7e]{1,40}$/.test(setl_id)) return null
  // Nobody has read it: what a store could not even hold must not keep the answer from going through.
  const text = (name: string): string => readable(ident(20), cell(info, name)) ?? ''
  const fen = (name: string): Fen => readable(amount, cell(info, name)) ?? 0
  const { infno, insuplc_admdvs } = call.envelope
  const { key } = askedOf(deps.keys, call)
  const words: InsurerWords = { container: output, data: { ...data }, opter: opterOf(call) }
  const outstanding = !NOTHING_OUTSTANDING.has(why.refusal) && (await isRegistered(deps, data, info))
  return {
    setl_id,
    mdtrt_id: data.mdtrt_id,
    bill_no: billNoOf(infno, data),
    missed: outstanding ? why.refusal : null,
    psn_blind: psnBlind(deps.keys, data.psn_no),
    insutype: text('insutype') || (data.insutype ?? ''),
    clr_type: text('clr_type') || (isOutpatientInfno(infno) ? '11' : '21'),
    setl_optins: text('clr_optins') || text('insu_optins') || insuplc_admdvs,
    setl_day: readable(moment, cell(info, 'setl_time'))?.day ?? dayOf(call.at),
    medfee_fen: fen('medfee_sumamt'),
    fund_fen: fen('fund_pay_sumamt'),
    acct_fen: fen('acct_pay'),
    cash_fen: fen('psn_cash_pay'),
    sealed: sealDocument(deps.keys, call.terminal.hospital, key, JSON.stringify(words)),
  }
}
