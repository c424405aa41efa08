import { sha256 } from '../src/kernel/canonical.ts'
import { sexOf } from '../src/kernel/resident-id.ts'
import { blindIndex, type Keys, seal } from '../src/kernel/seal.ts'
import { nameBlindKey, personBlindKey } from '../src/register/holding.ts'
import { placeOfId, placeOfName } from '../src/register/person.ts'
import type { AnyStore } from '../src/store/open.ts'
import type { Db } from '../src/store/store.ts'
import { hospitalCodes, PERSONS, personAt, RULE_TEXT, SCHEME, TERMINALS, terminalAt } from './world.ts'

const AT = Date.parse('2023-12-01T00:00:00Z')
const CHUNK = 500

const upTo = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n))

async function insertAll<Row>(rows: readonly Row[], insert: (some: Row[]) => PromiseLike<unknown>): Promise<void> {
  for (let from = 0; from < rows.length; from += CHUNK) await insert(rows.slice(from, from + CHUNK))
}

async function seedOffice(tx: Db, store: AnyStore): Promise<void> {
  const t = store.tables
  await tx.insert(t.hospital).values(
    hospitalCodes.map((code, n) => ({
      code,
      name: `测试医院${n}`,
      level: (n % 3) + 1,
      admdvs: '654002',
      designated_at: AT,
    })),
  )
  await tx.insert(t.terminal).values(
    upTo(TERMINALS, terminalAt).map((one, n) => ({
      id: one.id,
      hospital_code: one.hospital,
      label: `窗口${n}`,
      key_hash: sha256(one.bearer),
      signing_key: null,
      created_at: AT,
    })),
  )
  await tx.insert(t.rule_draft).values({
    id: 'bench',
    scheme: SCHEME,
    version: '2023-01-01',
    text: RULE_TEXT,
    hash: `sha256:${sha256(RULE_TEXT)}`,
    drafted_by: 'bench-1',
    drafted_at: AT,
  })
  await tx
    .insert(t.rule_publication)
    .values({ draft_id: 'bench', drafted_by: 'bench-1', approved_by: 'bench-2', approved_at: AT })
}

/** The register: two persons a household, one category each. Numbers and names are sealed and indexed as always. */
async function seedRegister(tx: Db, store: AnyStore, keys: Keys): Promise<void> {
  const t = store.tables
  const people = upTo(PERSONS, personAt)
  const blinds = people.map((p) => blindIndex(keys, personBlindKey('resident_id', p.idNumber)))
  const ids: number[] = []
  await insertAll(people, async (some) => {
    const rows = some.map((p) => {
      const blind = blindIndex(keys, personBlindKey('resident_id', p.idNumber))
      return {
        id_type: 'resident_id',
        blind,
        sealed_id: seal(keys, placeOfId(blind), p.idNumber),
        born_on: p.bornOn,
        sex: sexOf(p.idNumber),
        recorded_at: AT,
      }
    })
    const added = await tx.insert(t.person).values(rows).returning({ id: t.person.id, blind: t.person.blind })
    const byBlind = new Map(added.map((one) => [one.blind, one.id]))
    for (const row of rows) ids.push(byBlind.get(row.blind) ?? 0)
  })
  const records = people.map((p, n) => ({
    person_id: ids[n] ?? 0,
    sealed_name: seal(keys, placeOfName(blinds[n] ?? ''), p.name),
    name_blind: blindIndex(keys, nameBlindKey(p.name)),
    household: blinds[n - (n % 2)] ?? null,
    township: '654002101',
    admdvs: '654002',
    died_on: null,
    batch_id: 'bench',
    recorded_at: AT,
  }))
  await insertAll(records, (some) => tx.insert(t.person_record).values(some))
  const holdings = people.map((p, n) => ({
    person_id: ids[n] ?? 0,
    category: p.category,
    from_day: '2023-06-01',
    held: 1,
    batch_id: 'bench',
    recorded_at: AT,
  }))
  await insertAll(holdings, (some) => tx.insert(t.holding).values(some))
}

/** Fills a fresh store with everything a settlement needs. */
export async function seed(store: AnyStore, keys: Keys): Promise<void> {
  await store.write((tx) => seedOffice(tx, store))
  await store.write((tx) => seedRegister(tx, store, keys))
}
