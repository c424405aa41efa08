import { beforeAll, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import type { AnyStore } from '../store/open.ts'
import { type OfficeRow, officeRows } from './queries.ts'

const DRAFTS = 20
const MOST_BYTES = 16 * 1024 * 1024

eachEngine((_engine, open) => {
  let store: AnyStore
  beforeAll(async () => {
    store = await open()
    const { register_draft, his_upstream } = store.tables
    const platform = { url: 'https://example.org', style: 'one', timeout_ms: 1, at: 1, by: 'x' }
    await store.write(async (tx) => {
      for (let i = 0; i < DRAFTS; i++) {
        const sealed_rows = String(i % 10).repeat(2_000_000)
        const rest = { source: 'roster', summary: '{}', drafted_by: 'x', drafted_at: 1 }
        await tx.insert(register_draft).values({ id: `D${(i * 7919) % 1000}`, sealed_rows, ...rest })
      }
      for (let part = 0; part < 3; part++)
        await tx
          .insert(his_upstream)
          .values(Array.from({ length: 400 }, (_, i) => ({ ...platform, admdvs: String(part * 400 + i) })))
    })
  })

  test('every row of the office once, never more at a time than the process may hold', async () => {
    const seen: OfficeRow[] = []
    let heaviest = 0
    for await (const page of officeRows(store)) {
      heaviest = Math.max(heaviest, JSON.stringify(page).length)
      for (const { table, row } of page) seen.push({ table, row: { ...row, sealed_rows: undefined } })
    }
    expect(heaviest).toBeLessThanOrEqual(MOST_BYTES + 10_000)
    const keys = (table: string, key: string) => seen.filter((r) => r.table === table).map((r) => r.row[key])
    expect(new Set(keys('register_draft', 'id')).size).toBe(DRAFTS)
    expect(keys('register_draft', 'id')).toHaveLength(DRAFTS)
    expect(keys('his_upstream', 'admdvs')).toEqual(Array.from({ length: 1200 }, (_, i) => String(i)))
  })
})
