import type { Instant } from '../kernel/day.ts'
import { bornOn, sexOf } from '../kernel/resident-id.ts'
import { type Keys, seal } from '../kernel/seal.ts'
import type { Db } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import { batchDigest } from './batch.ts'
import { placeOfId, placeOfName } from './person.ts'
import type { PersonWrite } from './plan.ts'
import { insertHoldings, insertPeople, insertRecords, type NewPerson, type NewRecord, peopleById } from './queries.ts'

/** What the audit record of a batch keeps: enough to tell later whether any of its rows was touched. */
export interface BatchNote {
  readonly id: string
  readonly people: number
  readonly records: number
  readonly holdings: number
  readonly digest: string
}

/** What to append for one person, names and numbers sealed. */
export interface SealedWrite extends Pick<PersonWrite, 'id' | 'blind' | 'marks'> {
  /** null: a person the register knows. */
  readonly person: Omit<NewPerson, 'recorded_at'> | null
  readonly record: Omit<NewRecord, 'person_id' | 'batch_id' | 'recorded_at'> | null
}

/** Everything that can be had before the transaction: sealing costs as much as the writing itself. */
export interface Ready {
  readonly writes: readonly SealedWrite[]
  /** Rows of the people among them whom the register knows; such a row never changes. */
  readonly known: Awaited<ReturnType<typeof peopleById>>
}

export const knownAmong = (db: Db, t: Tables, writes: readonly PersonWrite[]) =>
  peopleById(
    db,
    t,
    writes.flatMap((w) => w.id ?? []),
  )

export const sealWrites = (keys: Keys, writes: readonly PersonWrite[]): SealedWrite[] =>
  writes.map(({ id, blind, marks, statement: { id_type, id_number }, record }) => ({
    id,
    blind,
    marks,
    person:
      id === null
        ? {
            id_type,
            blind,
            sealed_id: seal(keys, placeOfId(blind), id_number),
            born_on: bornOn(id_number),
            sex: sexOf(id_number),
          }
        : null,
    record: record && sealRecord(keys, blind, record),
  }))

function sealRecord(keys: Keys, blind: string, record: NonNullable<PersonWrite['record']>) {
  const { name, sealed_name, ...facts } = record
  return { ...facts, sealed_name: sealed_name ?? seal(keys, placeOfName(blind), name ?? missing()) }
}

/** Appends what a plan asks for, all of it as known from one instant on. */
export async function append(
  tx: Db,
  t: Tables,
  { writes, known }: Ready,
  batch: { readonly id: string; readonly at: Instant },
): Promise<BatchNote> {
  const stamp = { batch_id: batch.id, recorded_at: batch.at }
  const added = await insertPeople(
    tx,
    t,
    writes.flatMap(({ person }) => (person ? [{ ...person, recorded_at: batch.at }] : [])),
  )
  const ids = new Map(added.map((p) => [p.blind, p.id]))
  const numbered = writes.map((w) => ({ ...w, person_id: w.id ?? ids.get(w.blind) ?? missing() }))
  const records = await insertRecords(
    tx,
    t,
    numbered.flatMap(({ person_id, record }) => (record ? [{ person_id, ...record, ...stamp }] : [])),
  )
  const marks = numbered.flatMap((w) => w.marks.map((m) => ({ person_id: w.person_id, ...m, ...stamp })))
  const holdings = await insertHoldings(tx, t, marks)
  const digest = batchDigest({ people: [...added, ...known], records, holdings })
  return { id: batch.id, people: added.length, records: records.length, holdings: holdings.length, digest }
}

function missing(): never {
  throw new Error('a planned row has no person or no name')
}
