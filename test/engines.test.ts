import { expect, test } from 'vitest'
import { eachEngine, freshPlace, migratedPlace } from './engines.ts'

eachEngine((engine, open) => {
  test.each([
    ['migrated now', freshPlace],
    ['copied from a migrated one', migratedPlace],
  ])('a fresh store, %s, is migrated, empty and durable', async (_, make) => {
    const store = await open(await make(engine))
    expect(store.engine).toBe(engine)
    expect(await store.read.select().from(store.tables.person)).toEqual([])
    await store.probe()
  })

  test('opening a place again finds what was written there', async () => {
    const { remove, ...place } = await freshPlace(engine)
    const first = await open(place)
    const row = { id: 's1', name: 'n', roles: '[]', token_hash: 'h', created_at: 1 }
    await first.write((tx) => tx.insert(first.tables.staff).values(row))
    await first.close()
    const second = await open(place)
    expect(await second.read.select().from(second.tables.staff)).toEqual([row])
    await second.close()
    await remove()
  })
})
