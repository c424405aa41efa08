import type { Day } from '../kernel/day.ts'
import type { SqliteWriter } from '../store/sqlite-writer.ts'
import { ownKey, requestKey } from './batch.ts'
import type { Loaded, Writes } from './booking.ts'
import { type CallRow, type DocumentRow, type DocumentState, type MessageRow, numberTold } from './exchange.ts'
import type { Wanted } from './wanted.ts'

type Db = SqliteWriter['writer']

const DOCUMENT_COLUMNS = [
  'hospital_code',
  'setl_id',
  'kind',
  'reverses',
  'settlement_no',
  'missed',
  'key',
  'mdtrt_id',
  'bill_no',
  'psn_blind',
  'insutype',
  'clr_type',
  'setl_optins',
  'setl_day',
  'medfee_fen',
  'fund_fen',
  'acct_fen',
  'cash_fen',
  'assistance_fen',
  'sealed',
  'at',
] as const satisfies readonly (keyof DocumentRow)[]
const CALL_COLUMNS = [
  'hospital_code',
  'key',
  'fingerprint',
  'mdtrt_id',
  'bill_no',
  'psn_blind',
  'sealed',
  'at',
] as const satisfies readonly (keyof CallRow)[]
const MESSAGE_COLUMNS = [
  'hospital_code',
  'mdtrt_id',
  'infno',
  'msgid',
  'psn_blind',
  'sealed',
  'at',
] as const satisfies readonly (keyof MessageRow)[]

type Found = Omit<DocumentRow, 'sealed'>
interface Application {
  readonly id: string
  readonly clr_type: string
  readonly from_day: Day
  readonly to_day: Day
}

function prepareReads(db: Db) {
  const columns = DOCUMENT_COLUMNS.filter((c) => c !== 'sealed').join(', ')
  const documents = <P extends unknown[]>(where: string) =>
    db.prepare<P, Found>(`SELECT ${columns} FROM his_document WHERE ${where}`)
  const calls = <P extends unknown[]>(where: string, by = '') =>
    db.prepare<P, CallRow>(`SELECT ${CALL_COLUMNS.join(', ')} FROM his_call ${by} WHERE ${where}`)
  return {
    document: documents<[string, string]>('hospital_code = ? AND setl_id = ?'),
    documentOfSettlement: documents<[string]>('settlement_no = ?'),
    documentUnder: documents<[string, string]>('hospital_code = ? AND key = ?'),
    // By the insurer's number as everybody knows it: in our books a second settlement upon it is `…~2`.
    documentsAnywhere: db.prepare<[string, string, string], Found>(
      `SELECT ${columns} FROM his_document INDEXED BY his_document_of_person
       WHERE psn_blind = ? AND setl_id >= ? AND setl_id <= ?`,
    ),
    documentsOfVisit: documents<[string, string]>('hospital_code = ? AND mdtrt_id = ?'),
    reversal: db.prepare<[string, string], { setl_id: string }>(
      'SELECT setl_id FROM his_document WHERE hospital_code = ? AND reverses = ?',
    ),
    call: calls<[string, string]>('hospital_code = ? AND key = ?'),
    // Left to itself the engine reads all calls of the hospital, by the primary key.
    callsOfVisit: calls<[string, string]>('hospital_code = ? AND mdtrt_id = ?', 'INDEXED BY his_call_of_visit'),
    ended: db.prepare<[string, string], { key: string }>('SELECT key FROM request WHERE terminal_id = ? AND key = ?'),
    message: db.prepare<[string, string, string], Omit<MessageRow, 'sealed'>>(
      `SELECT hospital_code, mdtrt_id, infno, msgid, psn_blind, at FROM his_message
       WHERE hospital_code = ? AND msgid = ? AND infno = ? ORDER BY id LIMIT 1`,
    ),
    learned: db.prepare<[string], { person_blind: string }>('SELECT person_blind FROM his_person WHERE psn_blind = ?'),
    applications: db.prepare<[string], Application>(
      'SELECT id, clr_type, from_day, to_day FROM clearing_application WHERE hospital_code = ?',
    ),
    withdrawn: db.prepare<[string], { at: number }>('SELECT at FROM clearing_withdrawal WHERE application_id = ?'),
    stated: db.prepare<[string], { person_blind: string }>(
      'SELECT person_blind FROM register_psn_no WHERE psn_blind = ? ORDER BY id DESC LIMIT 1',
    ),
  }
}
export type HisReads = ReturnType<typeof prepareReads>

function keepDocument(reads: HisReads, loaded: Loaded, found: Found | undefined): DocumentState | null {
  if (!found) return null
  const { hospital_code, setl_id } = found
  const reversed_by = reads.reversal.get(hospital_code, setl_id)?.setl_id ?? null
  const document = { ...found, reversed_by }
  loaded.documents.set(ownKey(hospital_code, setl_id), document)
  return document
}

function keepCall(reads: HisReads, loaded: Loaded, scope: string, call: CallRow | undefined): void {
  if (call && !reads.ended.get(scope, call.key)) loaded.calls.set(ownKey(call.hospital_code, call.key), call)
}

function loadVisit(reads: HisReads, loaded: Loaded, { hospital, scope, calls }: Wanted, visit: string): void {
  for (const found of reads.documentsOfVisit.all(hospital, visit)) keepDocument(reads, loaded, found)
  if (calls) for (const call of reads.callsOfVisit.all(hospital, visit)) keepCall(reads, loaded, scope, call)
}

/** What a request brought with it beside its answer. */
function loadUnder(reads: HisReads, loaded: Loaded, { hospital, scope }: Wanted, key: string): void {
  for (const found of reads.documentUnder.all(hospital, key)) keepDocument(reads, loaded, found)
  keepCall(reads, loaded, scope, reads.call.get(hospital, key))
}

function loadMessage(reads: HisReads, loaded: Loaded, wanted: Wanted, key: string): void {
  const colon = key.indexOf(':')
  const message = reads.message.get(wanted.hospital, key.slice(colon + 1), key.slice(0, colon))
  if (!message) return
  loaded.messages.set(ownKey(wanted.hospital, key), message)
  loadVisit(reads, loaded, wanted, message.mdtrt_id)
}

function loadApplied(reads: HisReads, loaded: Loaded, { hospital }: Wanted, key: string): void {
  for (const { kind, clr_type, setl_day } of reads.documentUnder.all(hospital, key)) {
    if (kind !== 'settlement') continue
    const counts = (a: Application) => a.clr_type === clr_type && a.from_day <= setl_day && a.to_day >= setl_day
    const live = reads.applications.all(hospital).find((a) => counts(a) && !reads.withdrawn.get(a.id))
    if (live) loaded.applied.set(ownKey(hospital, key), live.id)
  }
}

/** The office's newest word goes before what a hospital has said. */
function loadMeaning(reads: HisReads, loaded: Loaded, psn: string): void {
  const stated = reads.stated.get(psn)
  const known = stated ?? reads.learned.get(psn)
  if (known) loaded.psns.set(psn, { ...known, stated: stated !== undefined })
}

/** Point reads for the jobs of a HIS. */
export function hisReads(db: Db) {
  const reads = prepareReads(db)
  return {
    documentOfSettlement: (loaded: Loaded, no: string) =>
      keepDocument(reads, loaded, reads.documentOfSettlement.get(no)),
    /** By its own number, or else by ours. */
    documentNamed: (loaded: Loaded, hospital: string, name: string) =>
      keepDocument(reads, loaded, reads.document.get(hospital, name) ?? reads.documentOfSettlement.get(name)),
    load(loaded: Loaded, wanted: Wanted): void {
      const { hospital, scope, visit, document, original, own, again, psn, insured } = wanted
      if (visit !== null) loadVisit(reads, loaded, wanted, visit)
      if (document !== null) keepDocument(reads, loaded, reads.document.get(hospital, document))
      if (document !== null && insured !== null) {
        const told = numberTold(document)
        const from = reads.documentsAnywhere.all(insured, told, `${told}~~`)
        for (const found of from) if (numberTold(found.setl_id) === told) keepDocument(reads, loaded, found)
      }
      if (own !== null) loadUnder(reads, loaded, wanted, own)
      if (again !== null && loaded.requests.has(requestKey(scope, again)))
        keepDocument(reads, loaded, reads.documentUnder.get(hospital, again))
      if (original !== null) {
        loadUnder(reads, loaded, wanted, original)
        loadMessage(reads, loaded, wanted, original)
        loadApplied(reads, loaded, wanted, original)
      }
      if (psn !== null) loadMeaning(reads, loaded, psn)
    },
  }
}

/** Rows of a HIS, whose columns stand in the order of their statement. */
export function hisWrites(db: Db) {
  const insert = (table: string, columns: readonly string[]) =>
    db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
  const document = insert('his_document', DOCUMENT_COLUMNS)
  const call = insert('his_call', CALL_COLUMNS)
  const message = insert('his_message', MESSAGE_COLUMNS)
  const psn = insert('his_person', ['psn_blind', 'person_blind', 'at'])
  return (writes: Writes): void => {
    for (const row of writes.documents) document.run(DOCUMENT_COLUMNS.map((c) => row[c]))
    for (const row of writes.calls) call.run(CALL_COLUMNS.map((c) => row[c]))
    for (const row of writes.messages) message.run(MESSAGE_COLUMNS.map((c) => row[c]))
    for (const row of writes.psns) psn.run(row.psn_blind, row.person_blind, row.at)
  }
}
