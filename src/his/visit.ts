import type { Instant } from '../kernel/day.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Moment } from './fields.ts'
import type { Node } from './read-node.ts'
import { read2601 } from './requests-settle.ts'
import {
  ALL_ROWS,
  type Diagnosed,
  type DiagnosisRow,
  type FeeRow,
  read2201,
  read2203,
  read2204,
  read2205,
  read2301,
  read2302,
  read2401,
  read2402,
  read2403,
} from './requests-visit.ts'

export interface Diagnosis {
  readonly code: string
  readonly name: string
}

/** A visit as the hospital has told it: the fold of its messages, in the order they came. */
export interface Visit {
  readonly state: 'open' | 'cancelled'
  readonly psn_no: string | null
  readonly insutype: string | null
  readonly med_type: string | null
  readonly mdtrt_cert_type: string | null
  readonly mdtrt_cert_no: string | null
  readonly begin: Moment | null
  /** The discharge; null while the stay lasts, or for an outpatient. */
  readonly end: Moment | null
  readonly dise_codg: string | null
  readonly dise_name: string | null
  /** The main one first: of the discharge where there is one, else of the admission or the consultation. */
  readonly diagnoses: readonly Diagnosis[]
  /** Lines of charge that stand, refunds among them, in the order they came. */
  readonly fees: readonly FeeRow[]
}
/** Which batches of charges are settled. */
type Batches = Pick<ReadonlySet<string>, 'has'>

export interface Told {
  readonly infno: string
  readonly input: Node
  readonly at: Instant
}

type Stated = Partial<Omit<Visit, 'state' | 'diagnoses' | 'fees'>>
/** A visit while its messages are read. */
export interface Folding extends Omit<Visit, 'diagnoses'> {
  readonly atBegin: readonly Diagnosis[]
  readonly atEnd: readonly Diagnosis[] | null
}

export const NOTHING: Folding = {
  state: 'open',
  psn_no: null,
  insutype: null,
  med_type: null,
  mdtrt_cert_type: null,
  mdtrt_cert_no: null,
  begin: null,
  end: null,
  dise_codg: null,
  dise_name: null,
  fees: [],
  atBegin: [],
  atEnd: null,
}

/** What a message leaves out it does not take back. */
const stating = (visit: Folding, stated: Stated): Folding => ({
  ...visit,
  ...Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== null && value !== undefined)),
})

const inOrder = (rows: readonly DiagnosisRow[]): Diagnosis[] =>
  rows
    .filter((row) => row.vali_flag !== '0')
    .sort((a, b) => Number(b.maindiag_flag === '1') - Number(a.maindiag_flag === '1') || a.diag_srt_no - b.diag_srt_no)
    .map((row) => ({ code: row.diag_code, name: row.diag_name ?? row.diag_code }))

interface Main {
  readonly dscg_maindiag_code?: string | null
  readonly dscg_maindiag_name?: string | null
}
function diagnosesOf(told: Diagnosed<Main>): Diagnosis[] {
  const listed = inOrder(told.diseinfo)
  const { dscg_maindiag_code: code, dscg_maindiag_name: name } = told
  return listed.length > 0 || !code ? listed : [{ code, name: name ?? code }]
}

const statedOf = (told: Stated & { begntime?: Moment | null }): Stated => ({
  psn_no: told.psn_no ?? null,
  insutype: told.insutype ?? null,
  med_type: told.med_type ?? null,
  mdtrt_cert_type: told.mdtrt_cert_type ?? null,
  mdtrt_cert_no: told.mdtrt_cert_no ?? null,
  dise_codg: told.dise_codg ?? null,
  dise_name: told.dise_name ?? null,
  begin: told.begntime ?? null,
})

/** A line sent again under its number stands in for the first; a new upload after a cleared one simply adds. */
function withFees(visit: Folding, rows: readonly FeeRow[] | Refusal): Folding {
  if (isRefusal(rows)) return visit
  const fees = new Map(visit.fees.map((row) => [row.feedetl_sn, row]))
  for (const row of rows) fees.set(row.feedetl_sn, row)
  return { ...visit, fees: [...fees.values()] }
}

const undischarged = (visit: Folding): Folding => ({ ...visit, end: null, atEnd: null })
const cancelled = (visit: Folding): Folding => ({ ...visit, state: 'cancelled' })

function cleared(visit: Folding, input: Node, settled: Batches): Folding {
  const read = read2205(input)
  if (isRefusal(read)) return visit
  const gone = ({ chrg_bchno }: FeeRow) =>
    read.chrg_bchno === ALL_ROWS ? !settled.has(chrg_bchno ?? '') : chrg_bchno === read.chrg_bchno
  return { ...visit, fees: visit.fees.filter((row) => !gone(row)) }
}

function clearedStay(visit: Folding, input: Node): Folding {
  const rows = read2302(input)
  if (isRefusal(rows)) return visit
  const numbers = new Set(rows.map((row) => row.feedetl_sn))
  return { ...visit, fees: numbers.has(ALL_ROWS) ? [] : visit.fees.filter((row) => !numbers.has(row.feedetl_sn)) }
}

function admitted(visit: Folding, input: Node, again: boolean): Folding {
  const told = again ? read2403(input) : read2401(input)
  if (isRefusal(told)) return visit
  const diagnoses = diagnosesOf(told)
  const stated = stating(again ? visit : NOTHING, {
    ...statedOf(told),
    ...('endtime' in told ? { end: told.endtime } : {}),
  })
  return diagnoses.length > 0 ? { ...stated, atBegin: diagnoses } : stated
}

function discharged(visit: Folding, input: Node): Folding {
  const told = read2402(input)
  if (isRefusal(told)) return visit
  const diagnoses = diagnosesOf(told)
  return { ...stating(visit, { ...statedOf(told), end: told.endtime }), atEnd: diagnoses.length > 0 ? diagnoses : null }
}

function consulted(visit: Folding, input: Node): Folding {
  const told = read2203(input)
  if (isRefusal(told)) return visit
  const diagnoses = diagnosesOf(told)
  const stated = stating(visit, statedOf(told))
  return diagnoses.length > 0 ? { ...stated, atBegin: diagnoses } : stated
}

function registered(visit: Folding, input: Node): Folding {
  const told = read2201(input)
  return isRefusal(told) ? visit : stating(NOTHING, statedOf(told))
}

/** A reversal by message number takes back what the reversed message said. */
function reversed(visit: Folding, input: Node): Folding {
  const told = read2601(input)
  if (isRefusal(told)) return visit
  const original = told.oinfno.slice(0, 4)
  if (original === '2201' || original === '2401') return cancelled(visit)
  return original === '2402' ? undischarged(visit) : visit
}

/** One message more. */
export function tell(visit: Folding, { infno, input }: Told, settled: Batches): Folding {
  switch (infno.slice(0, 4)) {
    case '2201':
      return registered(visit, input)
    case '2202':
    case '2404':
      return cancelled(visit)
    case '2203':
      return consulted(visit, input)
    case '2204':
      return withFees(visit, read2204(input))
    case '2301':
      return withFees(visit, read2301(input))
    case '2205':
      return cleared(visit, input, settled)
    case '2302':
      return clearedStay(visit, input)
    case '2401':
      return admitted(visit, input, false)
    case '2403':
      return admitted(visit, input, true)
    case '2402':
      return discharged(visit, input)
    case '2405':
      return undischarged(visit)
    case '2601':
      return reversed(visit, input)
    default:
      return visit
  }
}

/**
 * The visit its messages tell of. `settled` are the batches that are settled: clearing everything leaves them, since
 * the lines of a settlement are asked for after it.
 */
export const foldVisit = (told: readonly Told[], settled: Batches = new Set<string>()): Visit =>
  visitIn(told.reduce((sum, one) => tell(sum, one, settled), NOTHING))

export const visitIn = ({ atBegin, atEnd, ...visit }: Folding): Visit => ({ ...visit, diagnoses: atEnd ?? atBegin })

/** Nothing was said about it: the hospital settles without telling us of the visit first. */
export const UNTOLD: Visit = foldVisit([])
