import { formatInstant } from '../kernel/day.ts'
import { type Fen, formatYuan, isYuan, parseYuan } from '../kernel/money.ts'
import type { SettlementRow } from '../settlement/booking.ts'
import { householdOwner } from '../settlement/decide.ts'
import { type AuditRecord, documentDigest, settlementDigest } from './chain.ts'

/** A row of the ledger, as far as its columns repeat what its archives say. */
export type ArchivedRow = Omit<SettlementRow, 'kind' | 'attempt'> & { readonly kind: string }

type Tree = { readonly [key: string]: unknown } | undefined

function parseTree(text: string): Tree {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Tree) : undefined
  } catch {
    return undefined
  }
}

function at(tree: Tree, path: string): unknown {
  let value: unknown = tree
  for (const key of path.split('.'))
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
  return value
}

const INSURANCE = ['basic_insurance_paid', 'serious_illness_paid', 'other_insurance_paid']

function sumOf(bill: Tree, names: readonly string[]): Fen {
  let sum = 0
  for (const name of names) {
    const text = at(bill, `amounts.${name}`)
    sum += typeof text === 'string' && isYuan(text) ? parseYuan(text) : Number.NaN
  }
  return sum
}

/** What every column must be, going by the archives beside it: [column, stored, expected]. */
function expectations(row: ArchivedRow): [string, unknown, unknown][] {
  const [bill, facts, answer] = [parseTree(row.bill), parseTree(row.facts), parseTree(row.answer)]
  const sign = row.kind === 'reversal' ? -1 : 1
  const out: [string, unknown, unknown][] = [
    ['settlement_no', row.settlement_no, at(answer, 'settlement_no')],
    ['ledger_seq', row.ledger_seq, at(answer, 'ledger_seq')],
    ['kind', row.kind === 'reversal' ? 'reversal' : 'settled', at(answer, 'status')],
    ['reverses', row.reverses ?? undefined, at(answer, 'reverses')],
    ['hospital_code', row.hospital_code, at(facts, 'hospital.code')],
    ['bill_no', row.bill_no, at(bill, 'bill_no')],
    ['bill_no', row.bill_no, at(answer, 'bill_no')],
    ['person_id', row.person_id, at(facts, 'person.id')],
    ['person_record_id', row.person_record_id, at(facts, 'person.record_id')],
    ['care_type', row.care_type, at(bill, 'care_type')],
    ['scheme', row.scheme, at(facts, 'rule.scheme')],
    ['version', row.version, at(facts, 'rule.version')],
    ['rule_hash', row.rule_hash, at(facts, 'rule.hash')],
    ['business_day', row.business_day, at(facts, 'business_day')],
    ['year', row.year, at(facts, 'year')],
    ['total_fen', row.total_fen, sign * sumOf(bill, ['total_cost'])],
    ['insurance_fen', row.insurance_fen, sign * sumOf(bill, INSURANCE)],
    ['assistance_fen', formatYuan(row.assistance_fen), at(answer, 'assistance_paid')],
    ['patient_fen', formatYuan(row.patient_fen), at(answer, 'patient_pays')],
    ['other_fen', row.other_fen, row.total_fen - row.insurance_fen - row.assistance_fen - row.patient_fen],
    ['settled_at', formatInstant(row.settled_at), at(answer, 'settled_at')],
  ]
  if (row.kind === 'settlement') {
    out.push(['category', row.category, at(answer, 'category')], ['decision', row.decision, at(answer, 'decision')])
  }
  return out
}

/** Columns of a row that differ from the archives beside them. */
export const columnFaults = (row: ArchivedRow): string[] =>
  expectations(row)
    .filter(([, stored, expected]) => !Object.is(stored === 0 ? 0 : stored, expected === 0 ? 0 : expected))
    .map(([column]) => `column ${column} differs from the archive of the row`)

/** What is wrong between a row and the audit record of its booking, which also vouches for the insurer's document. */
export function linkFaults(row: ArchivedRow, link: AuditRecord | null, document: object | null): string[] {
  if (!link) return ['no audit record of this booking']
  const faults: string[] = []
  const action = row.kind === 'reversal' ? 'settlement.reverse' : 'settlement.settle'
  if (link.action !== action) faults.push(`audit record says ${link.action}`)
  if (link.subject !== row.settlement_no) faults.push(`audit record is about ${link.subject}`)
  if (link.actor !== `terminal:${row.terminal_id}`) faults.push(`audit record names ${link.actor}`)
  if (link.at !== row.settled_at) faults.push('audit record has another time')
  const detail = parseTree(link.detail)
  if (at(detail, 'digest') !== settlementDigest(row.bill, row.facts, row.answer)) {
    faults.push('bill, facts or answer differ from what was booked')
  }
  const vouched = at(detail, 'document')
  if (vouched !== undefined && document === null) faults.push('the document of this booking is missing')
  else if (document !== null && vouched !== documentDigest(document)) {
    faults.push('the document of this booking is not the one that was booked')
  }
  return faults
}

/** What the register had told about the person when the row was booked; null: that record is gone. */
export type Told = { readonly blind: string; readonly household: string | null; readonly township: string } | null

/** Household and township stand in no archive; the register's record that the row names still tells them. */
export function registerFaults(row: ArchivedRow, told: Told): string[] {
  if (!told) return [`no record ${row.person_record_id} in the register`]
  const faults: string[] = []
  if (row.household !== householdOwner(told.household, told.blind))
    faults.push('column household differs from the register')
  if (row.township !== told.township) faults.push('column township differs from the register')
  return faults
}
