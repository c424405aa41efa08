import type { PoolClient } from 'pg'
import type { Meaning } from '../register/psn-no.ts'
import { ownKey, requestKey } from './batch.ts'
import type { Job, Loaded, Remembered, Writes } from './booking.ts'
import { type CallRow, type DocumentState, type MessageRow, numberTold } from './exchange.ts'
import { type Wanted, wantedOf } from './wanted.ts'

/** A document as it is judged: without its sealed words, with the document that has taken it back. */
export const DOCUMENT = `
  d.hospital_code, d.setl_id, d.kind, d.reverses, d.settlement_no, d.missed, d.key, d.mdtrt_id, d.bill_no, d.psn_blind,
  d.insutype, d.clr_type, d.setl_optins, d.setl_day, d.medfee_fen, d.fund_fen, d.acct_fen, d.cash_fen, d.assistance_fen, d.at,
  (SELECT v.setl_id FROM his_document v WHERE v.hospital_code = d.hospital_code AND v.reverses = d.setl_id) AS reversed_by`

const LOAD = {
  name: 'booking-load-his',
  text: `
SELECT q.n::int AS n,
  (SELECT row_to_json(r) FROM (
     SELECT a.*, coalesce(a.body, (SELECT s.answer FROM settlement s WHERE s.settlement_no = a.settlement_no)) AS answer
     FROM request a WHERE a.terminal_id = q.scope AND a.key = q.original) r) AS original,
  CASE WHEN m.msgid IS NOT NULL THEN row_to_json(m) END AS message,
  (SELECT coalesce(json_agg(d), '[]') FROM (
     SELECT ${DOCUMENT} FROM his_document d WHERE d.hospital_code = q.hospital AND d.mdtrt_id IN (q.visit, m.mdtrt_id)
     UNION ALL SELECT ${DOCUMENT} FROM his_document d WHERE d.hospital_code = q.hospital AND d.setl_id IN (q.document, q.named)
     UNION ALL SELECT ${DOCUMENT} FROM his_document d WHERE d.settlement_no = q.named
     UNION ALL SELECT ${DOCUMENT} FROM his_document d
       WHERE d.psn_blind = q.insured AND (d.setl_id = q.told OR starts_with(d.setl_id, q.told || '~'))
     UNION ALL SELECT ${DOCUMENT} FROM his_document d WHERE d.hospital_code = q.hospital AND d.key IN (q.own, q.original)
   ) d) AS documents,
  (SELECT coalesce(json_agg(c), '[]') FROM (
     SELECT * FROM his_call c WHERE c.hospital_code = q.hospital AND c.mdtrt_id IN (q.visit, m.mdtrt_id)
     UNION ALL SELECT * FROM his_call c WHERE c.hospital_code = q.hospital AND c.key IN (q.own, q.original)
   ) c WHERE NOT EXISTS (SELECT 1 FROM request r WHERE r.terminal_id = q.scope AND r.key = c.key)) AS calls,
  (SELECT a.id FROM his_document d
     JOIN clearing_application a ON a.hospital_code = d.hospital_code AND a.clr_type = d.clr_type
       AND d.setl_day BETWEEN a.from_day AND a.to_day
     WHERE d.hospital_code = q.hospital AND d.key = q.original AND d.kind = 'settlement'
       AND NOT EXISTS (SELECT 1 FROM clearing_withdrawal x WHERE x.application_id = a.id) LIMIT 1) AS applied,
  coalesce(
    (SELECT json_build_object('person_blind', s.person_blind, 'stated', true) FROM register_psn_no s
     WHERE s.psn_blind = q.psn ORDER BY s.id DESC LIMIT 1),
    (SELECT json_build_object('person_blind', p.person_blind, 'stated', false) FROM his_person p WHERE p.psn_blind = q.psn)
  ) AS meaning
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
  $9::text[], $10::text[])
  WITH ORDINALITY AS q(hospital, scope, visit, document, named, original, own, psn, insured, told, n)
LEFT JOIN LATERAL (
  SELECT x.hospital_code, x.mdtrt_id, x.infno, x.msgid, x.psn_blind, x.at FROM his_message x
  WHERE x.hospital_code = q.hospital AND x.msgid = substr(q.original, strpos(q.original, ':') + 1)
    AND x.infno = split_part(q.original, ':', 1) ORDER BY x.id LIMIT 1) m ON true
ORDER BY q.n`,
}

const insert = (table: string, parameter: number) =>
  `INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $${parameter}::json)`
/** The engine numbers the messages itself. */
const MESSAGE = 'hospital_code, mdtrt_id, infno, msgid, psn_blind, sealed, at'

const WRITE = {
  name: 'booking-write-his',
  text: `
WITH d AS (${insert('his_document', 1)}),
  c AS (${insert('his_call', 2)}),
  p AS (${insert('his_person', 3)})
INSERT INTO his_message (${MESSAGE}) SELECT ${MESSAGE} FROM json_populate_recordset(NULL::his_message, $4::json)`,
}

interface LoadedRow {
  readonly n: number
  readonly original: Remembered | null
  readonly message: Omit<MessageRow, 'sealed'> | null
  readonly documents: readonly DocumentState[]
  readonly calls: readonly CallRow[]
  readonly applied: string | null
  readonly meaning: Meaning | null
}

type Client = Pick<PoolClient, 'query'>

/** What the jobs of a HIS need; by its place in the batch, the number of the settlement that each reversal is about. */
export async function loadHis(client: Client, jobs: readonly Job[], loaded: Loaded): Promise<(string | null)[]> {
  const targets = jobs.map((j) => (j.kind === 'reverse' && 'no' in j.target ? j.target.no : null))
  const wanted = jobs.flatMap((job, place) => {
    const wants = wantedOf(job)
    return wants ? [{ wants, place }] : []
  })
  if (wanted.length === 0) return targets
  const column = (name: keyof Wanted) =>
    wanted.map(({ wants }) => (name === 'own' ? (wants.own ?? wants.again) : wants[name]))
  const values = (
    ['hospital', 'scope', 'visit', 'document', 'named', 'original', 'own', 'psn', 'insured'] as const
  ).map(column)
  // By the insurer's number as everybody knows it: in our books a second settlement upon it is `…~2`.
  const told = wanted.map(({ wants }) => wants.document && numberTold(wants.document))
  const { rows } = await client.query<LoadedRow>({ ...LOAD, values: [...values, told] })
  rows.forEach((row, i) => {
    const one = wanted[i]
    if (!one) return
    take(loaded, one.wants, row)
    targets[one.place] ??= targetOf(one.wants, row)
  })
  return targets
}

function take(loaded: Loaded, { hospital, scope, original: asked, psn }: Wanted, row: LoadedRow): void {
  const { original, message } = row
  if (original) loaded.requests.set(requestKey(scope, original.key), original)
  if (message) loaded.messages.set(ownKey(message.hospital_code, `${message.infno}:${message.msgid}`), message)
  for (const document of row.documents) loaded.documents.set(ownKey(document.hospital_code, document.setl_id), document)
  for (const call of row.calls) loaded.calls.set(ownKey(call.hospital_code, call.key), call)
  if (asked !== null && row.applied !== null) loaded.applied.set(ownKey(hospital, asked), row.applied)
  if (psn !== null && row.meaning) loaded.psns.set(psn, row.meaning)
}

function targetOf({ named, hospital }: Wanted, { original, documents }: LoadedRow): string | null {
  if (original) return original.status < 400 ? original.settlement_no : null
  if (named === null) return null
  const document =
    documents.find((d) => d.setl_id === named && d.hospital_code === hospital) ??
    documents.find((d) => d.settlement_no === named)
  return document ? document.settlement_no : named
}

export function writeHis(client: Client, w: Writes): Promise<unknown>[] {
  const rows = [w.documents, w.calls, w.psns, w.messages]
  if (rows.every((r) => r.length === 0)) return []
  return [client.query({ ...WRITE, values: rows.map((r) => JSON.stringify(r)) })]
}
