import { expect } from 'vitest'
import type { AnyStore } from '../src/store/open.ts'

const AMOUNTS = ['medfee_fen', 'fund_fen', 'acct_fen', 'cash_fen', 'assistance_fen'] as const

/**
 * Holds the insurer's documents against the ledger and against each other, with nothing of the service but its
 * tables: a document and its settlement say the same, one taken back is mirrored to the fen, a bill is live once.
 */
export async function checkDocuments(store: AnyStore): Promise<{ live: number; missed: number }> {
  const t = store.tables
  const [documents, rows, requests] = [
    await store.read.select().from(t.his_document),
    await store.read.select().from(t.settlement),
    await store.read.select().from(t.request),
  ]
  const faults: string[] = []
  const ledger = new Map(rows.map((r) => [r.settlement_no, r]))
  const reversedRows = new Set(rows.map((r) => r.reverses))
  const named = new Map(documents.map((d) => [`${d.hospital_code} ${d.setl_id}`, d]))
  const reversals = new Map(documents.filter((d) => d.reverses).map((d) => [`${d.hospital_code} ${d.reverses}`, d]))
  const answers = new Map(requests.map((r) => [`${r.terminal_id} ${r.key}`, r]))
  const bills = new Set<string>()
  let live = 0
  for (const d of documents) {
    const name = `${d.hospital_code} ${d.setl_id}`
    const say = (what: string) => faults.push(`document ${name}: ${what}`)
    const row = d.settlement_no === null ? null : ledger.get(d.settlement_no)
    const mirror = reversals.get(name)
    if (row === undefined) say('names a settlement that is not there')
    if (row && (row.hospital_code !== d.hospital_code || row.bill_no !== d.bill_no || row.kind !== d.kind))
      say(`is not of ${row.settlement_no}`)
    if (row && row.assistance_fen !== d.assistance_fen) say('has other assistance than the ledger')
    if (row && d.missed !== null) say('was settled and is said to be missed')
    if (row === null && d.assistance_fen !== 0) say('has assistance that the ledger does not know')
    const answer = answers.get(`his:${d.hospital_code} ${d.key}`)
    if (answer?.settlement_no && answer.settlement_no !== d.settlement_no) say('its key was answered with another')
    if (d.kind === 'reversal') {
      const original = named.get(`${d.hospital_code} ${d.reverses}`)
      if (original?.kind !== 'settlement') say('takes back nothing')
      for (const c of AMOUNTS) if (original && original[c] + d[c] !== 0) say(`${c} is not the mirror of its original`)
      continue
    }
    if (d.cash_fen < 0) say('leaves the patient less than nothing')
    if (row && (mirror !== undefined) !== reversedRows.has(row.settlement_no))
      say('stands otherwise than its settlement')
    if (mirror) continue
    live++
    // What the insurer has settled twice has gone through twice; we settle once.
    if (!row) continue
    const bill = `${d.hospital_code} ${d.bill_no}`
    if (bills.has(bill)) say('is a second live one of its bill')
    bills.add(bill)
  }
  const takings = documents.filter((d) => d.reverses !== null)
  if (takings.length !== reversals.size) faults.push('a document was taken back twice')
  expect(faults.slice(0, 20)).toEqual([])
  return {
    live,
    missed: documents.filter((d) => d.missed !== null && !reversals.has(`${d.hospital_code} ${d.setl_id}`)).length,
  }
}
