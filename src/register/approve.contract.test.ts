import { beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import type { Store } from '../store/store.ts'
import { approveDraft } from './approve.ts'
import { draftChange } from './draft.ts'
import { APPROVER, CLERK, csv, openOffice, person, sure } from './office.fixture.ts'
import { verifyRegister } from './verify.ts'

const ROWS = 2000
const textOf = (...lines: string[]) => new TextDecoder().decode(csv(...lines))

eachEngine((_engine, open) => {
  let office: Awaited<ReturnType<typeof openOffice>>
  beforeAll(async () => {
    office = await openOffice(open)
  })
  const draftOf = (...lines: string[]) => draftChange(office.deps, CLERK, { source: 'roster', text: textOf(...lines) })
  const through = (write: Store['write']) => ({ ...office.deps, store: { ...office.store, write } })
  const notes = async () => (await office.audit()).flatMap((r) => (r.detail.batch ? [r.detail.batch] : []))

  describe('审批一份两千行的变更', () => {
    test.each([
      ['新增', (i: number) => person(1000 + i)],
      ['变更', (i: number) => person(1000 + i, { category: 'orphan', from: '2026-02-01' })],
    ])('%s：窗口只等写入，不等比对和加密', async (_, line) => {
      const draft = sure(await draftOf(...Array.from({ length: ROWS }, (_unused, i) => line(i))))
      let held = 0
      let turns = 0
      let over = false
      const count = () => {
        turns++
        if (!over) setImmediate(count)
      }
      setImmediate(count)
      const deps = through((work) =>
        office.store.write(async (tx) => {
          const from = performance.now()
          return work(tx).finally(() => {
            held = performance.now() - from
          })
        }),
      )
      const from = performance.now()
      const { counts } = sure(await approveDraft(deps, APPROVER, draft.id))
      const took = performance.now() - from
      over = true
      expect(counts.new + counts.changed).toBe(ROWS)
      console.info(`${ROWS} rows: ${took.toFixed(0)} ms, of which ${held.toFixed(0)} ms in the transaction`)
      expect(held).toBeLessThan(0.85 * took)
      expect(turns).toBeGreaterThan(10)
      expect(await verifyRegister(office.store, await notes())).toEqual([])
    })
  })

  test('比对之后、写入之前登记册又变了，以写入时的登记册为准', async () => {
    const draft = sure(await draftOf(person(1), person(2)))
    let first = true
    const deps = through(async (work) => {
      if (first) {
        first = false
        await office.apply(person(1))
      }
      return office.store.write(work)
    })
    expect(sure(await approveDraft(deps, APPROVER, draft.id)).counts).toMatchObject({ new: 1, unchanged: 1 })
    expect(await verifyRegister(office.store, await notes())).toEqual([])
  })
})
