import type { Hospital } from '../hospitals/hospital.ts'
import { ageOn, type Day } from '../kernel/day.ts'
import { bornOn, readResidentId, sexOf } from '../kernel/resident-id.ts'
import { numberOf } from './assisted.ts'
import { clockTime } from './fields.ts'
import { cell, type Node } from './read-node.ts'
import type { Visit } from './visit.ts'

/** A visit of somebody, without its charges. */
export interface VisitTold {
  readonly mdtrt_id: string
  readonly visit: Visit
  /** The columns of its registration or admission as they came. */
  readonly opening: Node
  readonly inpatient: boolean
}

/** Whose visits they are, and where. */
export interface VisitsOf {
  readonly psn_no: string
  /** Masked; empty where the register does not know them. */
  readonly psn_name: string
  readonly hospital: Hospital
  readonly hosp_lv: string
  readonly today: Day
  /** Whether the register holds them for anything on a day. */
  readonly assisted: (day: Day) => boolean
}

/** What a hospital said when the visit began and may want to hear again. */
const ECHOED = [
  'psn_type',
  'coner_name',
  'medrcdno',
  'atddr_no',
  'chfpdr_name',
  'adm_dept_codg',
  'adm_dept_name',
  'adm_bed',
] as const
/** 孕周、胎次、胎儿数. */
const COUNTS = ['geso_val', 'fetts', 'fetus_cnt'] as const

/** What the patient showed the hospital; a number that was not shown is not told. */
const shownId = ({ mdtrt_cert_type, mdtrt_cert_no }: Visit): string =>
  mdtrt_cert_type === '02' ? (readResidentId(mdtrt_cert_no ?? '') ?? '') : ''

/** A visit as 5201 and 5303 tell it. Empty is 否 to the client that prints the flag of assistance, and everything else 是. */
export function visitRow({ mdtrt_id, visit, opening, inpatient }: VisitTold, of: VisitsOf): Node {
  const text = (name: string): string => String(cell(opening, name) ?? '')
  const certno = shownId(visit)
  // From what was shown, for a number of the insurer alone must not find out whose it is.
  const born = certno === '' ? null : bornOn(certno)
  const begin = visit.begin
  const end = visit.end ?? (inpatient ? null : begin)
  const [main] = visit.diagnoses
  return {
    mdtrt_id,
    psn_no: of.psn_no,
    psn_cert_type: '01',
    certno,
    psn_name: of.psn_name,
    gend: certno === '' ? '' : sexOf(certno) === 'male' ? '1' : '2',
    naty: '',
    brdy: born ?? '',
    age: born ? ageOn(born, begin?.day ?? of.today) : 0,
    insutype: visit.insutype ?? '',
    maf_psn_flag: of.assisted(begin?.day ?? of.today) ? '1' : '',
    cvlserv_flag: '0',
    flxempe_flag: '0',
    nwb_flag: '0',
    begntime: begin ? clockTime(begin.at) : '',
    endtime: end ? clockTime(end.at) : '',
    mdtrt_cert_type: visit.mdtrt_cert_type ?? '',
    med_type: visit.med_type ?? '',
    ipt_otp_no: text('ipt_otp_no') || text('ipt_no'),
    ...Object.fromEntries(ECHOED.map((name) => [name, text(name)])),
    ...Object.fromEntries(COUNTS.map((name) => [name, numberOf(cell(opening, name))])),
    dscg_maindiag_code: main?.code ?? '',
    dscg_maindiag_name: main?.name ?? '',
    dise_codg: visit.dise_codg ?? '',
    dise_name: visit.dise_name ?? '',
    fixmedins_code: of.hospital.code,
    fixmedins_name: of.hospital.name,
    hosp_lv: of.hosp_lv,
  }
}
