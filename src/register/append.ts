import type { Instant } from '../kernel/day.ts'
import { bornOn, sexOf } from '../kernel/resident-id.ts'
import { type Keys, seal } from '../kernel/seal.ts'
import type { Db } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import { placeOfId, placeOfName } from './person.ts'
import type { PersonWrite } from './plan.ts'
import { insertHoldings, insertPeople, insertRecords } from './queries.ts'

/** Appends what a plan asks for, all of it as known from one instant on. */
export async function append(
  tx: Db,
  t: Tables,
  keys: Keys,
  writes: readonly PersonWrite[],
  batch: { readonly id: string; readonly at: Instant },
): Promise<void> {
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
  const records = numbered.flatMap(({ person_id, blind, record }) => {
    if (!record) return []
    const { name, sealed_name, ...facts } = record
    const kept = sealed_name ?? seal(keys, placeOfName(blind), name ?? missing())
    return [{ person_id, ...facts, sealed_name: kept, ...stamp }]
  })
  await insertRecords(tx, t, records)
  await insertHoldings(
    tx,
    t,
    numbered.flatMap(({ person_id, marks }) => marks.map((m) => ({ person_id, ...m, ...stamp }))),
  )
}

function missing(): never {
  throw new Error('a planned row has no person or no name')
}
