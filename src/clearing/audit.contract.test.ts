import { beforeAll, describe, expect, it } from 'vitest'
import { raw, tamper } from '../../fixtures/tamper.ts'
import { eachEngine } from '../../test/engines.ts'
import { done, OPERATOR } from '../../test/people.ts'
import { verifyAudit } from '../audit/verify.ts'
import type { AnyStore } from '../store/open.ts'
import { applyForClearing, withdrawClearing } from './apply.ts'
import { NOVEMBER, type Office, openOffice, sums } from './documents.fixture.ts'
import { reconcileRows } from './reconcile-rows.ts'
import { reconcileTotals } from './reconcile-totals.ts'

/** Every act of a hospital vouches for what it wrote; whoever changes that behind the service's back is found. */
eachEngine((_, open) => {
  let store: AnyStore
  let office: Office
  const faults = async () => (await done(verifyAudit(office.deps, OPERATOR))).faults
  beforeAll(async () => {
    store = await open()
    office = await openOffice(store, [{ setl_id: '1' }])
    const { deps, terminal } = office
    await done(reconcileTotals(deps, terminal, { group: NOVEMBER, stated: sums(1) }))
    await done(reconcileRows(deps, terminal, { group: NOVEMBER, stated: sums(0), lines: [] }))
    const application = { clr_type: '11', clr_way: null, month: '202611', from: '2026-11-01', to: '2026-11-30' }
    const amounts = { visits: 1, medfee: 32_650, cleared: 32_500, fund: 21_000, cash: 11_500, acct: 150 }
    const { clr_appy_evt_id } = await done(applyForClearing(deps, terminal, { ...application, ...amounts }))
    await done(withdrawClearing(deps, terminal, clr_appy_evt_id))
    const nothing = { visits: 0, medfee: 0, cleared: 0, fund: 0, cash: 0, acct: 0 }
    await done(applyForClearing(deps, terminal, { ...application, ...nothing, clr_type: '21' }))
  })

  it('没有动过的，核对得上', async () => {
    expect(await faults()).toEqual([])
  })

  describe('改了、删了、添了，都查得出是哪张表', () => {
    /** An application that was withdrawn cannot be deleted: the withdrawal holds it. */
    const LIVE = 'WHERE id NOT IN (SELECT application_id FROM clearing_withdrawal)'
    it.each([
      ['reconciliation', `result = '000000'`],
      ['reconciliation', `ours = replace(ours, '326', '327')`],
      ['clearing_application', `theirs = replace(theirs, '2026', '2027')`],
      ['clearing_application', `to_day = '2026-12-31'`],
      ['clearing_withdrawal', `by = 'terminal:x'`],
      ['his_file', `sealed = 'x'`],
      ['his_file', `hospital_code = 'x'`],
    ])('%s：%s', async (table, change) => {
      const which = `${table} ${table === 'clearing_application' ? LIVE : ''}`
      await tamper(store, table, `CREATE TABLE kept AS SELECT * FROM ${which}`)
      await raw(store, `UPDATE ${table} SET ${change} ${table === 'clearing_application' ? LIVE : ''}`)
      const found = await faults()
      await raw(store, `DELETE FROM ${which}`)
      const gone = await faults()
      await raw(store, `INSERT INTO ${table} SELECT * FROM kept`)
      await raw(store, 'DROP TABLE kept')
      for (const told of [found, gone])
        expect(told.some((f) => f.lane === 'desk' && f.what.includes(` ${table} `))).toBe(true)
      expect(await faults()).toEqual([])
    })
  })
})
