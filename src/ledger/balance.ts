import { canonical } from '../kernel/canonical.ts'
import { type Fen, formatYuan } from '../kernel/money.ts'
import type { SettlementRow } from '../settlement/booking.ts'

/** A row as the store gives it back, where a kind is any text. */
type Row = Omit<SettlementRow, 'kind' | 'terminal_id' | 'settled_at' | 'answer'> & { readonly kind: string }

interface Leg {
  readonly account: string
  readonly debit_fen: Fen
  readonly credit_fen: Fen
}

export interface Mirrored {
  readonly row: Row
  readonly postings: readonly Leg[]
}

const AMOUNTS = ['total_fen', 'insurance_fen', 'other_fen', 'assistance_fen', 'patient_fen'] as const
const SAME = [
  'hospital_code',
  'bill_no',
  'attempt',
  'person_id',
  'person_record_id',
  'household',
  'township',
  'category',
  'care_type',
  'scheme',
  'version',
  'rule_hash',
  'decision',
  'business_day',
  'year',
  'bill',
] as const

const sum = (legs: readonly Leg[], side: 'debit_fen' | 'credit_fen'): Fen => legs.reduce((s, leg) => s + leg[side], 0)

/** What a row of the ledger must fulfil by itself. */
export function rowFaults(row: Row, postings: readonly Leg[]): string[] {
  const faults: string[] = []
  const [debit, credit] = [sum(postings, 'debit_fen'), sum(postings, 'credit_fen')]
  if (debit !== credit) faults.push(`postings do not balance: debit ${formatYuan(debit)}, credit ${formatYuan(credit)}`)
  if (debit !== Math.abs(row.assistance_fen)) {
    faults.push(`postings of ${formatYuan(debit)} for an assistance of ${formatYuan(row.assistance_fen)}`)
  }
  const parts = row.insurance_fen + row.other_fen + row.assistance_fen + row.patient_fen
  if (parts !== row.total_fen)
    faults.push(`total ${formatYuan(row.total_fen)} differs from its parts ${formatYuan(parts)}`)
  const sign = row.kind === 'reversal' ? -1 : 1
  if (AMOUNTS.some((name) => sign * row[name] < 0)) faults.push(`an amount of this ${row.kind} has the wrong sign`)
  if ((row.kind === 'reversal') !== (row.reverses !== null))
    faults.push(`a ${row.kind} that names ${row.reverses ?? 'nothing'} to reverse`)
  return faults
}

/** A reversal takes back its original and nothing else: amounts, postings and counters negated, the rest the same. */
export function mirrorFaults(reversal: Mirrored, original: Mirrored | undefined): string[] {
  if (!original) return [`reverses ${reversal.row.reverses}, which is not in the ledger`]
  const [r, o] = [reversal.row, original.row]
  const faults: string[] = []
  if (o.kind !== 'settlement' || o.ledger_seq >= r.ledger_seq)
    faults.push('reverses something that is no earlier settlement')
  for (const name of AMOUNTS) if (r[name] + o[name] !== 0) faults.push(`${name} is not the original's, negated`)
  for (const name of SAME) if (r[name] !== o[name]) faults.push(`${name} differs from the original`)
  if (!cancels(reversal.postings, original.postings)) faults.push('postings are not the original mirrored')
  if (canonical(deltasOf(r.facts)) !== canonical(deltasOf(o.facts, -1)))
    faults.push('counters are not given back as they were taken')
  return faults
}

/** Both together leave every account as it was. */
function cancels(a: readonly Leg[], b: readonly Leg[]): boolean {
  const net = new Map<string, Fen>()
  for (const leg of [...a, ...b]) net.set(leg.account, (net.get(leg.account) ?? 0) + leg.debit_fen - leg.credit_fen)
  return [...net.values()].every((fen) => fen === 0)
}

function deltasOf(facts: string, times = 1): unknown {
  try {
    const { deltas } = JSON.parse(facts) as { deltas?: { delta: number }[] }
    return deltas?.map((d) => ({ ...d, delta: d.delta * times }))
  } catch {
    return facts
  }
}
