import { expect, test } from 'vitest'
import { bookSketches, sketches } from '../../fixtures/booked.ts'
import { eachEngine } from '../../test/engines.ts'
import { endOfLedgerPage } from './pages.ts'

eachEngine((_engine, open) => {
  test('a page of the ledger ends before its bills outgrow the memory, and never before its first row', async () => {
    const store = await open()
    const long = JSON.stringify({ note: 'x'.repeat(5 * 1024 * 1024) })
    await bookSketches(
      store,
      sketches(5, (_sketch, i) => (i < 3 ? { archived: long } : {})),
    )
    expect(await endOfLedgerPage(store, 0)).toBe(1)
    expect(await endOfLedgerPage(store, 1)).toBe(2)
    expect(await endOfLedgerPage(store, 2)).toBe(5)
    expect(await endOfLedgerPage(store, 5)).toBe(5)
  })
})
