import { amountText } from '../his.ts'
import type { Check } from './case.ts'
import { type HisBill, hisBillOf } from './his-bill.ts'
import { assistedWith, cancels, infoIn, type Wanted } from './his-check.ts'
import type { HisCase, HisStage } from './his-stage.ts'
import { INPATIENT, type Row } from './rows-inpatient.ts'
import { OUTPATIENT, PAYERS } from './rows-payers.ts'
import { PEOPLE_ROWS } from './rows-people.ts'

const DUTY =
  '照 maf_pay 和 610100 行收费、打印；psn_cash_pay 是患者该付的现金；0.00 也是办成，原因写在 610100 行的 setl_proc_info。'

/** Tries, settles, finds it by its message number, and takes it back; what was tried is what is settled. */
export async function playBill(stage: HisStage, check: Check, bill: HisBill, wanted: Wanted): Promise<void> {
  const ids = await stage.nextIds(bill.patient)
  const input = stage.settling(bill, ids)
  const trial = bill.infno === '2304' ? '2303' : '2206'
  assistedWith(check, await stage.ask(trial, input, { insuplc: bill.insuplc }), `${trial} 试算`, wanted)
  const msgid = stage.nextMsgid()
  const settled = await stage.ask(bill.infno, input, { msgid, insuplc: bill.insuplc })
  assistedWith(check, settled, `${bill.infno} 结算`, wanted)
  const { setl_id, maf_pay, psn_cash_pay, medins_setl_id } = infoIn(settled)
  check.same('medins_setl_id 是本次 msgid', medins_setl_id, msgid)
  check.note(`救助 ${amountText(maf_pay)}，现金 ${amountText(psn_cash_pay)}，结算ID ${setl_id}`)
  const back = { data: { setl_id, mdtrt_id: ids.mdtrt_id, psn_no: ids.psn_no } }
  cancels(check, await stage.ask(bill.infno === '2304' ? '2305' : '2208', back), settled)
}

function amountCase(id: string, part: string, row: Row): HisCase[] {
  const bill = hisBillOf(row)
  if (!bill) return []
  const { title, working, pays, patient_pays, because = [] } = row
  const wanted = { maf_pay: pays, psn_cash_pay: patient_pays, because }
  return [{ id, part, title, working, duty: DUTY, run: (stage, check) => playBill(stage, check, bill, wanted) }]
}

const numbered = (prefix: string, part: string, rows: readonly Row[]): HisCase[] =>
  rows.flatMap((row, i) => amountCase(`${prefix}${String(i + 1).padStart(2, '0')}`, part, row))

/** The same bills and figures as at the native door, for hospitals that settle with the insurer themselves. */
export const SECOND_STEP_AMOUNTS: readonly HisCase[] = [
  ...numbered('H1', 'HIS 接口 · 住院金额', INPATIENT),
  ...numbered('H2', 'HIS 接口 · 各方支付与取整', PAYERS),
  ...numbered('H3', 'HIS 接口 · 门诊金额', OUTPATIENT),
  ...numbered('H4', 'HIS 接口 · 人员与日期', PEOPLE_ROWS),
]
