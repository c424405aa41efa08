import type { Instant } from '../kernel/day.ts'
import { bornOn, sexOf } from '../kernel/resident-id.ts'
import { type Keys, seal } from '../kernel/seal.ts'
import type { Db } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import { batchDigest } from './batch.ts'
import { placeOfId, placeOfName } from './person.ts'
import type { PersonWrite } from './plan.ts'
import { insertHoldings, insertPeople, insertRecords, peopleById } from './queries.ts'

/** What the audit record of a batch keeps: enough to tell later whether any of its rows was touched. */
export interface BatchNote {
  readonly id: string
  readonly people: number
  readonly records: number
  readonly holdings: number
  readonly digest: string
}

/** Appends what a plan asks for, all of it as known from one instant on. */
export async function append(
  tx: Db,
  t: Tables,
  keys: Keys,
  writes: readonly PersonWrite[],
  batch: { readonly id: string; readonly at: Instant },
): Promise<BatchNote> {
  const stamp = { batch_id: batch.id, recorded_at: batch.at }
  const added = await insertPeople(
    tx,
    t,
    writes
      .filter((w) => w.id === null)
      .map(({ blind, statement: { id_type, id_number } }) => ({
        id_type,
        blind,
        sealed_id: seal(keys, placeOfId(blind), id_number),
        born_on: bornOn(id_number),
        sex: sexOf(id_number),
        recorded_at: batch.at,
      })),
  )
  const numbered = writes.map((w) => ({ ...w, person_id: w.id ?? added.get(w.blind) ?? missing() }))
  const sealed = numbered.flatMap(({ person_id, blind, record }) => {
    if (!record) return []
    const { name, sealed_name, ...facts } = record
    const kept = sealed_name ?? seal(keys, placeOfName(blind), name ?? missing())
    return [{ person_id, ...facts, sealed_name: kept, ...stamp }]
  })
  const records = await insertRecords(tx, t, sealed)
  const marks = numbered.flatMap((w) => w.marks.map((m) => ({ person_id: w.person_id, ...m, ...stamp })))
  const holdings = await insertHoldings(tx, t, marks)
  const people = await peopleById(
    tx,
    t,
    numbered.map((w) => w.person_id),
  )
  const digest = batchDigest({ people, records, holdings })
  return { id: batch.id, people: added.size, records: records.length, holdings: holdings.length, digest }
}

function missing(): never {
  throw new Error('a planned row has no person or no name')
}
