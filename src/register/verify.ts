import type { Store } from '../store/store.ts'
import type { BatchNote } from './append.ts'
import { batchDigest } from './batch.ts'
import { registerRows } from './queries.ts'

/** A batch whose rows are not what its audit record vouches for; null: rows of no batch at all. */
export interface RegisterFault {
  readonly batch: string | null
  readonly what: string
}

/** Holds every row of the register against the notes (`batch`) that the audit records of its batches keep. */
export async function verifyRegister(store: Store, vouched: readonly BatchNote[]): Promise<RegisterFault[]> {
  const { people, records, holdings } = await registerRows(store)
  const person = new Map(people.map((p) => [p.id, p]))
  const recordsOf = Map.groupBy(records, (r) => r.batch_id)
  const holdingsOf = Map.groupBy(holdings, (h) => h.batch_id)
  const faults: RegisterFault[] = []
  const spokenOf = new Set<number>()
  for (const note of vouched) {
    const rows = { records: recordsOf.get(note.id) ?? [], holdings: holdingsOf.get(note.id) ?? [] }
    const ids = new Set([...rows.records, ...rows.holdings].map((r) => r.person_id))
    const named = [...ids].flatMap((id) => person.get(id) ?? [])
    for (const { id } of named) spokenOf.add(id)
    if (batchDigest({ ...rows, people: named }) !== note.digest)
      faults.push({ batch: note.id, what: 'a row of this batch was changed, deleted or inserted' })
    recordsOf.delete(note.id)
    holdingsOf.delete(note.id)
  }
  for (const batch of new Set([...recordsOf.keys(), ...holdingsOf.keys()]))
    faults.push({ batch, what: 'no act vouches for this batch' })
  if (people.some((p) => !spokenOf.has(p.id))) faults.push({ batch: null, what: 'a person whom no batch speaks of' })
  return faults
}
