import { dayOf, startOfDay } from '../kernel/day.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { handOnQuestion, isBetween } from './between.ts'
import { momentOf } from './fields.ts'
import { listOf } from './identity.ts'
import { psnBlind } from './kept.ts'
import { handOnAdding } from './merging.ts'
import { assistedOn, maskedName, meantBy } from './person-of.ts'
import { documentsOfPerson } from './queries-person.ts'
import type { Node } from './read-node.ts'
import { read5201, read5303, type VisitQuery } from './requests-query.ts'
import { wordsOf } from './told.ts'
import type { HisCall, HisDeps, MakeTransaction, Said } from './transaction.ts'
import { UNTOLD } from './visit.ts'
import { visitsOf } from './visit-of.ts'
import { type VisitsOf, type VisitTold, visitRow } from './visit-row.ts'

const textIn = (node: Node, name: string): string | null => (typeof node[name] === 'string' ? node[name] : null)

/** A hospital that tells us of a visit only when it settles: what its settlement says must do. */
async function settledVisits(deps: HisDeps, hospital: string, psn_blind: string): Promise<VisitTold[]> {
  const documents = await documentsOfPerson(deps.store, hospital, psn_blind)
  return documents
    .filter((d) => d.kind === 'settlement')
    .map((document): VisitTold => {
      const { data } = wordsOf(deps, document)
      const { mdtrt_id, setl_day, insutype, clr_type } = document
      const at = { day: setl_day, at: startOfDay(setl_day) }
      const told = { begin: at, end: at, insutype, med_type: textIn(data, 'med_type') }
      return { mdtrt_id, visit: { ...UNTOLD, ...told }, opening: {}, inpatient: clr_type === '21' }
    })
}

async function whose(deps: HisDeps, call: HisCall, psn_no: string): Promise<VisitsOf> {
  const hospital = call.directory.hospitals.get(call.terminal.hospital)
  if (!hospital) throw new Error(`hospital ${call.terminal.hospital} is heard and not designated`)
  const known = (await meantBy(deps, psn_no))?.known ?? null
  return {
    psn_no,
    psn_name: known ? maskedName(deps, known) : '',
    hospital,
    hosp_lv: call.codes.levelCode(hospital.level),
    today: dayOf(call.at),
    assisted: (day) => assistedOn(known, day),
  }
}

type Span = Pick<VisitQuery, 'begntime' | 'endtime'>
/** Days count, not hours: a client asks for the last day as 00:00. */
const within = ({ visit }: VisitTold, { begntime, endtime }: Span): boolean => {
  const day = visit.begin?.day
  return day === undefined || ((begntime?.day ?? day) <= day && day <= (endtime?.day ?? day))
}

async function answered(deps: HisDeps, call: HisCall, asked: VisitQuery): Promise<Said> {
  const { hospital } = call.terminal
  const blind = psnBlind(deps.keys, asked.psn_no)
  const told = new Map((await settledVisits(deps, hospital, blind)).map((one) => [one.mdtrt_id, one]))
  for (const one of await visitsOf(deps, hospital, blind)) told.set(one.mdtrt_id, one)
  const of = await whose(deps, call, asked.psn_no)
  const rows = [...told.values()]
    .filter(({ visit }) => visit.state === 'open')
    .filter(({ mdtrt_id }) => asked.mdtrt_id === null || mdtrt_id === asked.mdtrt_id)
    .filter(({ visit }) => asked.med_type === null || visit.med_type === asked.med_type)
    .filter((one) => within(one, asked))
  return { output: { mdtrtinfo: rows.map((one) => visitRow(one, of)) } }
}

/** Who is a person of assistance is ours to tell; a flag the platform sets itself stands. */
async function joined(deps: HisDeps, psn_no: string, output: Node): Promise<Node | null> {
  const known = (await meantBy(deps, psn_no))?.known
  if (!known) return null
  const mdtrtinfo = listOf(output.mdtrtinfo).map((row) => {
    const day = momentOf(String(row.begntime ?? ''))?.day
    return day && !row.maf_psn_flag && assistedOn(known, day) ? { ...row, maf_psn_flag: '1' } : row
  })
  return { ...output, mdtrtinfo }
}

/** 就诊信息查询: the visits of a person at this hospital, with the flag of assistance. */
export const t5201: MakeTransaction = (deps) => ({
  infno: '5201',
  name: '就诊信息查询',
  async run(call) {
    const asked = read5201(call.envelope.input)
    if (isRefusal(asked)) return isBetween(call) ? handOnQuestion(call) : asked
    return isBetween(call)
      ? handOnAdding(call, (output) => joined(deps, asked.psn_no, output))
      : answered(deps, call, asked)
  },
})

/** 在院信息查询: stays at this hospital that have not ended. */
export const t5303: MakeTransaction = (deps) => ({
  infno: '5303',
  name: '在院信息查询',
  async run(call) {
    const asked = read5303(call.envelope.input)
    if (isRefusal(asked)) return asked
    const told = await visitsOf(deps, call.terminal.hospital, psnBlind(deps.keys, asked.psn_no))
    const stays = told.filter(({ visit, inpatient }) => inpatient && visit.state === 'open' && visit.end === null)
    const of = await whose(deps, call, asked.psn_no)
    return { output: { data: stays.filter((one) => within(one, asked)).map((one) => visitRow(one, of)) } }
  },
})
