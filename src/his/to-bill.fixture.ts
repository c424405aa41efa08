import { isRefusal } from '../kernel/refusal.ts'
import { type Codes, codesFor } from '../rules/codes.ts'
import { loadDirectory } from '../rules/files.ts'
import { readSettle, type SettleData } from './requests-settle.ts'
import { insured, outpatient, PATIENT_ID } from './setlinfo.fixture.ts'
import { type BillSource, type ReadBill, toBill } from './to-bill.ts'
import { foldVisit, UNTOLD } from './visit.ts'

export const CODES = codesFor(
  loadDirectory(new URL('../../rules', import.meta.url).pathname).codes,
  '654002',
  '2026-03-12',
) as Codes

export const request = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  psn_no: '65400200000000000000000001',
  mdtrt_cert_type: '02',
  mdtrt_cert_no: PATIENT_ID,
  med_type: '11',
  medfee_sumamt: '326.50',
  psn_setlway: '01',
  mdtrt_id: '65400220260312000001',
  chrg_bchno: '20260312101500000001',
  acct_used_flag: '1',
  insutype: '390',
  ...change,
})
export const read = (infno: string, change: Record<string, unknown> = {}): SettleData => {
  const data = readSettle(infno, { data: request(change) })
  if (isRefusal(data)) throw new Error(data.detail)
  return data
}
export const source = (change: Partial<BillSource> = {}, infno = '2207'): BillSource => ({
  envelope: { infno, insuplc_admdvs: '654002', inf_time: '2026-03-12 10:15:30' },
  data: read(infno),
  insured: insured(),
  visit: UNTOLD,
  codes: CODES,
  today: '2026-03-12',
  preview: false,
  ...change,
})
export const bill = (change: Partial<BillSource> = {}, infno = '2207'): ReadBill => {
  const made = toBill(source(change, infno))
  if (isRefusal(made)) throw new Error(`${made.refusal} ${made.detail}`)
  return made
}
export const refused = (change: Partial<BillSource>, infno = '2207'): string => {
  const made = toBill(source(change, infno))
  return isRefusal(made) ? `${made.refusal} ${made.detail}` : 'made'
}
export const inpatient = (change: Record<string, unknown> = {}) =>
  insured(outpatient({ med_type: '21', clr_type: '21', ...change }))
export const stay = (begin: string | null, end: string | null) =>
  foldVisit([
    ...(begin
      ? [{ infno: '2401', at: 0, input: { mdtrtinfo: { psn_no: 'P', begntime: begin, med_type: '21' } } }]
      : []),
    ...(end ? [{ infno: '2402', at: 0, input: { dscginfo: { mdtrt_id: 'M', psn_no: 'P', endtime: end } } }] : []),
  ])
