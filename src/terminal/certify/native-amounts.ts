import { billOf } from './bill.ts'
import type { Case } from './case.ts'
import { INPATIENT, type Row } from './rows-inpatient.ts'
import { OUTPATIENT, PAYERS } from './rows-payers.ts'
import { PEOPLE_ROWS } from './rows-people.ts'
import { got, type NativeStage } from './stage.ts'

const codesOf = (reasons: unknown): string[] =>
  Array.isArray(reasons) ? reasons.map((r) => String((r as { code: unknown }).code)) : []

/** Previews, settles and takes back one bill; what the patient is told is what is paid, to the fen. */
const amountCase = (id: string, part: string, row: Row): Case<NativeStage> => ({
  id,
  part,
  title: row.title,
  working: row.working,
  duty: '金额以本服务的答复为准，逐分照收照打；账单的各项金额写成两位小数的文本，先自行核对四项之和等于总费用。',
  async run(stage, check) {
    const bill = billOf(row, stage.billNo())
    const preview = await stage.post('/v1/settlements/preview', bill)
    check.same('试算的 HTTP 状态', preview.status, 200)
    check.same('试算的救助金额', preview.json.assistance_paid, row.pays)
    const settled = got(await stage.settle(bill))
    check.same('结算的 HTTP 状态', settled.status, 201)
    check.same('救助金额', settled.json.assistance_paid, row.pays)
    check.same('个人应付', settled.json.patient_pays, row.patient_pays)
    check.same('原因', codesOf(settled.json.reasons), row.because ?? [])
    check.holds('首次提交就说是重放', !settled.replayed, '网络中有人把请求发了两遍（代理重试 POST）')
    check.note(
      `救助 ${settled.json.assistance_paid}，个人 ${settled.json.patient_pays}，结算单 ${settled.json.settlement_no}`,
    )
  },
})

const numbered = (prefix: string, part: string, rows: readonly Row[]): Case<NativeStage>[] =>
  rows.map((row, i) => amountCase(`${prefix}${String(i + 1).padStart(2, '0')}`, part, row))

export const AMOUNT_CASES: readonly Case<NativeStage>[] = [
  ...numbered('N1', '原生接口 · 住院金额', INPATIENT),
  ...numbered('N2', '原生接口 · 各方支付与取整', PAYERS),
  ...numbered('N3', '原生接口 · 门诊金额', OUTPATIENT),
  ...numbered('N4', '原生接口 · 人员与日期', PEOPLE_ROWS),
]
