import { dayOf } from '../kernel/day.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { blindIndex } from '../kernel/seal.ts'
import { nameBlindKey, personBlindKey } from '../register/holding.ts'
import type { SettleJob } from '../settlement/booking.ts'
import type { DocumentDraft } from '../settlement/exchange.ts'
import { settleJobOf } from '../settlement/settle-job.ts'
import { clrTypeOf } from './assisted.ts'
import { askedOf, psnBlind, sealDocument } from './kept.ts'
import { personOfPsn } from './queries.ts'
import type { Node } from './read-node.ts'
import { isOutpatientInfno, type SettleData } from './requests-settle.ts'
import type { Insured } from './setlinfo.ts'
import { toBill } from './to-bill.ts'
import { type InsurerWords, opterOf } from './told.ts'
import type { HisCall, HisDeps } from './transaction.ts'
import type { Visit } from './visit.ts'
import { visitOf } from './visit-of.ts'

/** Who the patient is: by the certificate, else by the insurer's number where it has been learned. */
async function whoseOf(
  deps: HisDeps,
  data: SettleData,
  patient: { readonly id_number: string | null; readonly name: string | null },
): Promise<Pick<SettleJob, 'personBlind' | 'nameBlind'> | Refusal> {
  const { keys, store } = deps
  const personBlind =
    patient.id_number === null
      ? await personOfPsn(store, psnBlind(keys, data.psn_no))
      : blindIndex(keys, personBlindKey('resident_id', patient.id_number))
  if (personBlind === null) return refuse('person_unknown', '报文没有身份证号，人员编号也未登记过，请先调用1101')
  if (!patient.name) return refuse('his_input_invalid', '医保结算信息 setlinfo 缺少人员姓名 psn_name')
  return { personBlind, nameBlind: blindIndex(keys, nameBlindKey(patient.name)) }
}

/** What the hospital has told of the visit it settles. */
export const visitAsked = (deps: HisDeps, { terminal }: HisCall, { mdtrt_id }: SettleData): Promise<Visit> =>
  visitOf(deps, terminal.hospital, mdtrt_id)

/**
 * The job that settles what the request and the insurer's answer say; without a document, only to be tried. `asked`:
 * the visit, where it has been asked for before.
 */
export async function jobOf(
  deps: HisDeps,
  call: HisCall,
  data: SettleData,
  insured: Insured,
  preview: boolean,
  asked?: Promise<Visit | null>,
): Promise<SettleJob | Refusal> {
  const { envelope, codes, at } = call
  const visit = (await asked) ?? (await visitAsked(deps, call, data))
  if (visit.state === 'cancelled') {
    return refuse('his_input_invalid', `就诊 ${data.mdtrt_id} 已撤销登记，请重新挂号或办理入院后再结算`)
  }
  if (visit.psn_no !== null && visit.psn_no !== data.psn_no)
    return refuse('record_mismatch', `就诊 ${data.mdtrt_id} 不是此人员编号的就诊`)
  const today = dayOf(at)
  const read = toBill({ envelope, data, insured, visit, codes, today, preview })
  if (isRefusal(read)) return read
  const whose = await whoseOf(deps, data, read.patient)
  if (isRefusal(whose)) return whose
  return settleJobOf(askedOf(deps.keys, call), read.bill, whose)
}

/** The insurer's document as it is kept: amounts before assistance, its words sealed. */
export function documentOf(
  deps: HisDeps,
  call: HisCall,
  data: SettleData,
  insured: Insured,
  container: Node,
): DocumentDraft | Refusal {
  const { setl_id, amounts } = insured
  if (setl_id === null) return refuse('his_input_invalid', '医保结算信息 setlinfo 缺少结算ID setl_id')
  const { setlinfo, setldetail, expContent } = container
  const words: InsurerWords = {
    container: { setlinfo, setldetail, ...(expContent === undefined ? {} : { expContent }) },
    data: { ...data },
    opter: opterOf(call),
  }
  const { key } = askedOf(deps.keys, call)
  return {
    setl_id,
    mdtrt_id: data.mdtrt_id,
    psn_blind: psnBlind(deps.keys, data.psn_no),
    insutype: insured.insutype ?? data.insutype ?? '',
    clr_type: insured.clr_type ?? (isOutpatientInfno(call.envelope.infno) ? '11' : clrTypeOf(insured)),
    setl_optins: insured.clr_optins ?? insured.insu_optins ?? call.envelope.insuplc_admdvs,
    setl_day: insured.setl_time?.day ?? dayOf(call.at),
    medfee_fen: amounts.medfee_sumamt,
    fund_fen: amounts.fund_pay_sumamt,
    acct_fen: amounts.acct_pay,
    cash_fen: amounts.psn_cash_pay,
    sealed: sealDocument(deps.keys, call.terminal.hospital, key, JSON.stringify(words)),
  }
}
