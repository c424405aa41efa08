import { beforeAll, expect, test } from 'vitest'
import { raw, tamper } from '../../fixtures/tamper.ts'
import { eachEngine } from '../../test/engines.ts'
import { hisDesk, somebody, visitOf } from '../../test/his-desk.ts'
import { OPERATOR, type Person, residentId } from '../../test/people.ts'
import { bill, openWorld, type World } from '../../test/world.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { verifyAudit } from './verify.ts'

/** Each column of a document, and what somebody might make of it. */
const CHANGES: readonly [string, string][] = [
  ['hospital_code', `'H65400200002'`],
  ['setl_id', `'OTHER'`],
  ['kind', `'reversal'`],
  ['reverses', `'OTHER'`],
  ['settlement_no', 'NULL'],
  ['missed', `'too_late'`],
  ['key', `'2207:other'`],
  ['mdtrt_id', `'OTHER'`],
  ['bill_no', `'OTHER'`],
  ['psn_blind', `'other'`],
  ['insutype', `'310'`],
  ['clr_type', `'11'`],
  ['setl_optins', `'654003'`],
  ['setl_day', `'2026-11-02'`],
  ['medfee_fen', 'medfee_fen + 1'],
  ['fund_fen', 'fund_fen - 1'],
  ['acct_fen', 'acct_fen + 1'],
  ['cash_fen', 'cash_fen + 1'],
  ['assistance_fen', 'assistance_fen - 1'],
  ['sealed', `'other'`],
  ['at', 'at + 1'],
]

eachEngine((engine, open) => {
  let w: World
  let no: string
  const faults = async () => {
    const found = await verifyAudit(w.service.deps, OPERATOR)
    if (isRefusal(found)) throw new Error(found.detail)
    return found.faults
  }
  beforeAll(async () => {
    w = await openWorld(engine, open)
    const his = hisDesk(w)
    const person = await somebody(w)
    const [first, back] = [his.settleJob(visitOf(person)), visitOf(person)]
    no = first.no
    await his.submit(first)
    await his.settle(back)
    await his.reverse({ setl_id: back.setl_id })
    const stranger: Person = { id: residentId(9400), name: '无名' }
    const passed = visitOf(stranger)
    await his.settle(passed, { pass: his.pass(passed) })
  })

  test(`没有动过的结算单没有毛病（${engine}）`, async () => {
    expect(await faults()).toEqual([])
  })

  test('有账的结算单，每一列被改都查得出', async () => {
    await tamper(
      w.store,
      'his_document',
      `CREATE TABLE kept AS SELECT * FROM his_document WHERE settlement_no = '${no}'`,
    )
    for (const [column, value] of CHANGES) {
      await raw(w.store, `UPDATE his_document SET ${column} = ${value} WHERE settlement_no = '${no}'`)
      const [first] = await faults()
      expect(first, column).toMatchObject({ lane: 'ledger', seq: 1, row: no })
      expect(first?.what, column).toMatch(/^the document of this booking is (missing|not the one that was booked)$/)
      await raw(w.store, `DELETE FROM his_document WHERE bill_no IN (SELECT bill_no FROM kept) OR bill_no = 'OTHER'`)
      await raw(w.store, 'INSERT INTO his_document SELECT * FROM kept')
      expect(await faults(), column).toEqual([])
    }
  })

  test('被删、冒出来、张冠李戴的结算单都查得出', async () => {
    await raw(w.store, `DELETE FROM his_document WHERE settlement_no = '${no}'`)
    expect(await faults()).toMatchObject([{ seq: 1, row: no, what: 'the document of this booking is missing' }])
    await raw(w.store, `INSERT INTO his_document SELECT * FROM kept`)
    await raw(w.store, `UPDATE his_document SET settlement_no = 'NOBODY' WHERE settlement_no IS NULL`)
    expect(await faults()).toMatchObject([
      { lane: 'ledger', what: expect.stringMatching(/names a settlement that is not there$/) },
    ])
    await raw(w.store, `DELETE FROM his_document WHERE settlement_no = 'NOBODY'`)
    const { json } = await w.settle(bill())
    await raw(
      w.store,
      `INSERT INTO his_document SELECT hospital_code, 'INVENTED', kind, reverses, '${json.settlement_no}', missed, key, mdtrt_id,
         bill_no, psn_blind, insutype, clr_type, setl_optins, setl_day, medfee_fen, fund_fen, acct_fen, cash_fen,
         assistance_fen, sealed, at FROM kept`,
    )
    expect(await faults()).toMatchObject([
      { row: json.settlement_no, what: 'the document of this booking is not the one that was booked' },
    ])
  })
})
