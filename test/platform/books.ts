import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'
import type { Fen } from '../../src/kernel/money.ts'
import type { Amounts, Detail, Split } from './insure.ts'
import { FIXTURES, type Person } from './people.ts'
import { DEFAULTS, type Settings } from './settings.ts'
import type { Json } from './wire.ts'

/** What `GET /_log` shows of a call. */
export interface Logged {
  readonly infno: string
  readonly msgid: string
  readonly path: string
  readonly headers: readonly string[]
  readonly at: number
  readonly infcode: number | null
  readonly fault: string | null
  /** Our own time for it: reading, working, writing; without latency and faults. */
  readonly ms: number
}
export interface Visit {
  readonly hospital: string
  readonly mdtrt_id: string
  readonly psn_no: string
  readonly inpatient: boolean
  readonly insutype: string
  readonly med_type: string
  readonly ipt_otp_no: string
  readonly begntime: string
  readonly endtime: string
  readonly state: 'open' | 'discharged' | 'cancelled'
}
export interface Fee {
  readonly visit: string
  readonly feedetl_sn: string
  readonly chrg_bchno: string
  readonly psn_no: string
  readonly sum: Fen
  readonly split: Split
  readonly level: '01' | '02' | '03'
  readonly row: Json
}
export interface Document {
  readonly setl_id: string
  /** A settlement, a cancellation by 2208/2305, or a reversal by 2601; the last two take back the document `of`. */
  readonly kind: 'settlement' | 'cancellation' | 'reversal'
  readonly of: string | null
  readonly hospital: string
  readonly hospitalName: string
  readonly infno: string
  readonly msgid: string
  readonly mdtrt_id: string
  readonly psn_no: string
  /** At most one live settlement for each. */
  readonly businessKey: string
  readonly inpatient: boolean
  readonly insutype: string
  readonly med_type: string
  readonly mdtrt_cert_type: string
  readonly clr_optins: string
  readonly psn_type: string
  readonly year: string
  readonly at: number
  readonly invono: string
  readonly opter: string
  readonly opterName: string
  readonly amounts: Amounts
  readonly details: readonly Detail[]
  readonly fees: readonly string[]
  /** Of the personal account, afterwards. */
  readonly balance: Fen
}
export interface Stored {
  readonly file_qury_no: string
  readonly hospital: string
  readonly filename: string
  readonly base64: string
}
export interface Clearing {
  readonly clr_appy_evt_id: string
  readonly hospital: string
  readonly data: Json
  readonly withdrawn: boolean
}

/** Everything that happens to the books; a call does some of these at once or none. */
export type Event =
  | { readonly did: 'settings'; readonly settings: Settings }
  | { readonly did: 'person'; readonly person: Person }
  | { readonly did: 'visit'; readonly visit: Visit }
  | { readonly did: 'fee'; readonly fee: Fee }
  | { readonly did: 'fees_gone'; readonly visit: string; readonly feedetl_sns: readonly string[] }
  | { readonly did: 'document'; readonly document: Document }
  | { readonly did: 'original'; readonly original: Original }
  | { readonly did: 'reversed'; readonly key: string; readonly tombstone: boolean }
  | { readonly did: 'file'; readonly file: Stored }
  | { readonly did: 'clearing'; readonly clearing: Clearing }

/** A message that 2601 can take back. */
export interface Original {
  readonly hospital: string
  readonly infno: string
  readonly msgid: string
  readonly psn_no: string
  readonly setl_id: string | null
  readonly visit: string | null
}
/** What somebody has used in a year. */
export interface Used {
  readonly outpatientDeductible: Fen
  readonly borne: Fen
  readonly pooled: Fen
  readonly supplement: Fen
  readonly assistance: Fen
}
export const NOTHING_USED: Used = { outpatientDeductible: 0, borne: 0, pooled: 0, supplement: 0, assistance: 0 }

export interface Books {
  settings: Settings
  readonly people: Map<string, Person>
  /** ID numbers, cards and tokens to psn_no. */
  readonly idents: Map<string, string>
  readonly visits: Map<string, Visit>
  readonly fees: Map<string, Map<string, Fee>>
  readonly documents: Map<string, Document>
  /** Business key to the setl_id of its live settlement. */
  readonly live: Map<string, string>
  readonly liveOfVisit: Map<string, Set<string>>
  /** Which document took a document back. */
  readonly takenBack: Map<string, string>
  readonly settledFees: Map<string, string>
  readonly originals: Map<string, Original[]>
  readonly reversed: Map<string, boolean>
  readonly used: Map<string, Used>
  readonly stayDeductible: Map<string, Fen>
  readonly spent: Map<string, Fen>
  readonly files: Map<string, Stored>
  readonly clearings: Map<string, Clearing>
  readonly log: Logged[]
  /** Counts up with every number given. */
  serial: number
}

export const visitKey = (hospital: string, mdtrt_id: string): string => `${hospital}/${mdtrt_id}`
export const originalKey = (hospital: string, infno: string, msgid: string, psn_no: string): string =>
  `${hospital}/${infno}/${msgid}/${psn_no}`
export const usedKey = (psn_no: string, year: string): string => `${psn_no}/${year}`

function emptyBooks(): Books {
  const books: Books = {
    settings: DEFAULTS,
    people: new Map(),
    idents: new Map(),
    visits: new Map(),
    fees: new Map(),
    documents: new Map(),
    live: new Map(),
    liveOfVisit: new Map(),
    takenBack: new Map(),
    settledFees: new Map(),
    originals: new Map(),
    reversed: new Map(),
    used: new Map(),
    stayDeductible: new Map(),
    spent: new Map(),
    files: new Map(),
    clearings: new Map(),
    log: [],
    serial: 0,
  }
  for (const person of FIXTURES) insureOne(books, person)
  return books
}

/** Old ID numbers of 15 digits are still about: without the century and the check character. */
function insureOne(books: Books, person: Person): void {
  const { psn_no, certno, card, token } = person
  books.people.set(psn_no, person)
  for (const no of [certno, card, token, certno.slice(0, 6) + certno.slice(8, 17)]) books.idents.set(no, psn_no)
}

const add = (counters: Map<string, Fen>, key: string, fen: Fen) => counters.set(key, (counters.get(key) ?? 0) + fen)

function count(books: Books, { amounts: a, inpatient, ...d }: Document): void {
  const key = usedKey(d.psn_no, d.year)
  const before = books.used.get(key) ?? NOTHING_USED
  books.used.set(key, {
    outpatientDeductible: before.outpatientDeductible + (inpatient ? 0 : a.act_pay_dedc),
    borne: before.borne + a.inscp_scp_amt - a.hifp_pay,
    pooled: before.pooled + a.hifp_pay,
    supplement: before.supplement + a.hifmi_pay + a.hifob_pay,
    assistance: before.assistance + a.maf_pay,
  })
  if (inpatient) add(books.stayDeductible, visitKey(d.hospital, d.mdtrt_id), a.act_pay_dedc)
  add(books.spent, d.psn_no, a.acct_pay)
}

function setLive(books: Books, d: Document, live: boolean): void {
  const visit = visitKey(d.hospital, d.mdtrt_id)
  const ofVisit = books.liveOfVisit.get(visit) ?? new Set()
  books.liveOfVisit.set(visit, ofVisit)
  if (live) {
    books.live.set(d.businessKey, d.setl_id)
    ofVisit.add(d.setl_id)
    for (const sn of d.fees) books.settledFees.set(`${visit}/${sn}`, d.setl_id)
  } else {
    books.live.delete(d.businessKey)
    ofVisit.delete(d.setl_id)
    for (const sn of d.fees) books.settledFees.delete(`${visit}/${sn}`)
  }
}

function enter(books: Books, d: Document): void {
  books.documents.set(d.setl_id, d)
  count(books, d)
  if (d.of !== null) books.takenBack.set(d.of, d.setl_id)
  const target = books.documents.get(d.of ?? '')
  // Where a cancellation is reversed, what it cancelled stands again.
  const restored = books.documents.get(target?.of ?? '')
  if (!target) setLive(books, d, true)
  else if (!restored) setLive(books, target, false)
  else {
    books.takenBack.delete(restored.setl_id)
    setLive(books, restored, true)
  }
}

function apply(books: Books, event: Event): void {
  books.serial++
  if (event.did === 'settings') books.settings = event.settings
  else if (event.did === 'person') insureOne(books, event.person)
  else if (event.did === 'visit') books.visits.set(visitKey(event.visit.hospital, event.visit.mdtrt_id), event.visit)
  else if (event.did === 'fee') {
    const rows = books.fees.get(event.fee.visit) ?? new Map()
    books.fees.set(event.fee.visit, rows.set(event.fee.feedetl_sn, event.fee))
  } else if (event.did === 'fees_gone') for (const sn of event.feedetl_sns) books.fees.get(event.visit)?.delete(sn)
  else if (event.did === 'document') enter(books, event.document)
  else if (event.did === 'original') {
    const key = `${event.original.hospital}/${event.original.msgid}`
    books.originals.set(key, [...(books.originals.get(key) ?? []), event.original])
  } else if (event.did === 'reversed') books.reversed.set(event.key, event.tombstone)
  else if (event.did === 'file') books.files.set(event.file.file_qury_no, event.file)
  else books.clearings.set(event.clearing.clr_appy_evt_id, event.clearing)
}

interface Line {
  readonly events: readonly Event[]
  readonly call: Logged | null
}

/** The books in memory and, where a file is named, in that file: a line for each call, written before it is answered. */
export function openBooks(file: string | null) {
  const books = emptyBooks()
  if (file && existsSync(file)) {
    const bytes = readFileSync(file)
    // A kill may have torn the last line; it was never answered.
    const whole = bytes.lastIndexOf(10) + 1
    if (whole < bytes.length) truncateSync(file, whole)
    for (const written of bytes.subarray(0, whole).toString('utf8').split('\n')) {
      if (written === '') continue
      const line = JSON.parse(written) as Line
      for (const event of line.events) apply(books, event)
      if (line.call) books.log.push(line.call)
    }
  }
  const out = file ? openSync(file, 'a', 0o600) : null
  return {
    books,
    enter(events: readonly Event[], call: Logged | null): void {
      if (out !== null) writeSync(out, `${JSON.stringify({ events, call } satisfies Line)}\n`)
      for (const event of events) apply(books, event)
      if (call) books.log.push(call)
    },
    close: () => (out === null ? undefined : closeSync(out)),
  }
}
