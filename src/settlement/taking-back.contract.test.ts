import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { detailOf, fresh, hisDesk, newMessage, outcome, somebody, told, visitOf } from '../../test/his-desk.ts'
import { checkDocuments } from '../../test/oracle.his.ts'
import { checkLedger } from '../../test/oracle.ts'
import type { Person } from '../../test/people.ts'
import { openWorld, TODAY, type World } from '../../test/world.ts'
import { documentBySetlId, missedDocuments } from '../his/queries.ts'

eachEngine((engine, open) => {
  let w: World
  let his: ReturnType<typeof hisDesk>
  let person: Person
  beforeAll(async () => {
    w = await openWorld(engine, open)
    his = hisDesk(w)
    person = await somebody(w)
  })
  afterEach(async () => {
    w.clock = TODAY
    await checkLedger(w.store)
    await checkDocuments(w.store)
  })
  const document = (id: string) => documentBySetlId(w.store, w.terminal.hospital, id)
  const reversalOf = async (setl_id: string) => (await document(setl_id))?.reversed_by ?? null

  describe('按医保结算ID撤销', () => {
    test('结算冲回，撤销单是原单的镜像，额度还给患者', async () => {
      const who = await somebody(w)
      const v = visitOf(who)
      const first = told(await his.settle(v))
      const setl_id = fresh('BACK')
      const job = his.reverseJob({ setl_id: v.setl_id }, { document: { setl_id, setl_day: '2026-11-02', sealed: 's' } })
      const reversal = told(await his.submit(job))
      expect(reversal).toMatchObject({ status: 'reversal', reverses: first.settlement_no, assistance_paid: '-750.00' })
      expect(await document(setl_id)).toMatchObject({
        kind: 'reversal',
        reverses: v.setl_id,
        settlement_no: job.no,
        key: job.key,
        mdtrt_id: v.mdtrt_id,
        setl_day: '2026-11-02',
        medfee_fen: -100_000,
        fund_fen: -75_000,
        acct_fen: 0,
        cash_fen: -25_000,
        assistance_fen: -75_000,
        sealed: 's',
      })
      expect(await reversalOf(v.setl_id)).toBe(setl_id)
      const again = told(await his.settle({ ...v, setl_id: fresh('SETL') }))
      expect(again.limits[0].used_before).toBe('0.00')
    })

    test('没有医保的撤销单号：用我们的冲销号', async () => {
      const v = visitOf(person)
      await his.settle(v)
      const job = his.reverseJob({ setl_id: v.setl_id })
      await his.submit(job)
      expect(await reversalOf(v.setl_id)).toBe(job.no)
    })

    test('医保给的撤销单号已被占用：照样撤销，用我们的冲销号', async () => {
      const v = visitOf(person)
      await his.settle(v)
      const job = his.reverseJob({ setl_id: v.setl_id })
      const taken = { setl_id: v.setl_id, setl_day: '2026-11-01', sealed: 's' }
      expect(outcome(await his.submit({ ...job, document: taken }))).toBe('201')
      expect(await reversalOf(v.setl_id)).toBe(job.no)
    })

    test('也认我们的结算单号；没有医保结算单的结算也可由它撤销', async () => {
      const v = visitOf(person)
      const { settlement_no } = told(await his.settle(v))
      expect(outcome(await his.reverse({ setl_id: settlement_no }))).toBe('201')
      expect(await reversalOf(v.setl_id)).not.toBeNull()
      const native = his.settleJob(visitOf(person))
      const { document: _, ...bare } = native
      await his.submit(bare)
      expect(outcome(await his.reverse({ setl_id: native.no }))).toBe('201')
    })

    test('再撤销一次：拒绝，说出撤销单号；撤销单不能再撤销', async () => {
      const v = visitOf(person)
      await his.settle(v)
      const setl_id = fresh('BACK')
      await his.reverse({ setl_id: v.setl_id }, { document: { setl_id, setl_day: '2026-11-01', sealed: 's' } })
      const refused = await his.reverse({ setl_id: v.setl_id })
      expect([outcome(refused), detailOf(refused)]).toEqual([
        'kept already_reversed',
        `${v.setl_id} 已由 ${setl_id} 冲销`,
      ])
      expect(outcome(await his.reverse({ setl_id }))).toBe('kept reversal_not_reversible')
    })

    test('平台已经撤销的，总是成功：再一次是没有第二次作用，从未见过的是无事可做', async () => {
      const v = visitOf(person)
      await his.settle(v)
      const first = his.reverseJob({ setl_id: v.setl_id }, { begun: true, answer: 'sealed a' })
      await his.submit(first)
      const again = await his.reverse({ setl_id: v.setl_id }, { begun: true, answer: 'sealed b' })
      expect(told(again)).toEqual({ outcome: 'already_reversed', setl_id: first.no, answer: 'sealed b' })
      expect(outcome(await his.reverse({ setl_id: 'NEVER' }, { begun: true }))).toBe('nothing')
      expect(outcome(await his.reverse({ setl_id: 'NEVER' }))).toBe('settlement_not_found')
    })

    test('别院的医保结算ID与不存在的一样', async () => {
      const v = visitOf(person)
      const { settlement_no } = told(await his.settle(v))
      const theirs = hisDesk(w, w.stranger)
      for (const setl_id of [v.setl_id, settlement_no]) {
        const refused = await theirs.reverse({ setl_id })
        expect([outcome(refused), detailOf(refused)]).toEqual(['settlement_not_found', `本院没有结算 ${setl_id}`])
      }
    })

    test('人员编号不符：record_mismatch，什么也没有动，也不说出是谁的', async () => {
      const v = visitOf(person)
      await his.settle(v)
      const key = newMessage('2208')
      const wrong = await his.reverse({ setl_id: v.setl_id }, { key, psn_blind: 'psn-other' })
      expect([outcome(wrong), detailOf(wrong)]).toEqual(['record_mismatch', `${v.setl_id} 不是此人员编号的记录`])
      expect(outcome(await his.reverse({ setl_id: v.setl_id }, { key, psn_blind: v.psn_blind }))).toBe('201')
    })

    test('原样放行的：只有结算单被撤销，金额归零，不再待补', async () => {
      const v = visitOf(person)
      await his.settle(v, { pass: his.pass(v, TODAY - 1) })
      expect((await missedDocuments(w.store, 100)).some((d) => d.setl_id === v.setl_id)).toBe(true)
      const wrong = await his.reverse({ setl_id: v.setl_id }, { psn_blind: 'psn-other' })
      expect(outcome(wrong)).toBe('record_mismatch')
      const setl_id = fresh('BACK')
      const result = await his.reverse(
        { setl_id: v.setl_id },
        { answer: 'sealed', document: { setl_id, setl_day: '2026-11-01', sealed: 's' } },
      )
      expect(told(result)).toEqual({ outcome: 'document', setl_id, answer: 'sealed' })
      expect(await document(setl_id)).toMatchObject({ settlement_no: null, medfee_fen: -100_000, cash_fen: -100_000 })
      expect((await missedDocuments(w.store, 100)).some((d) => d.setl_id === v.setl_id)).toBe(false)
      expect(outcome(await his.reverse({ setl_id: v.setl_id }))).toBe('kept already_reversed')
      expect(outcome(await his.reverse({ setl_id }))).toBe('kept reversal_not_reversible')
    })

    test('终端自己的接口冲销：结算单一样有镜像', async () => {
      const v = visitOf(person)
      const { settlement_no } = told(await his.settle(v))
      const { json } = await w.reverse(settlement_no)
      expect(await reversalOf(v.setl_id)).toBe(json.settlement_no)
      expect(await document(json.settlement_no)).toMatchObject({
        fund_fen: -75_000,
        setl_day: '2026-11-01',
        sealed: '',
      })
    })
  })
})
