import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { booked, detailOf, fresh, hisDesk, newMessage, outcome, somebody, told, visitOf } from '../../test/his-desk.ts'
import { checkDocuments } from '../../test/oracle.his.ts'
import { checkLedger } from '../../test/oracle.ts'
import { type Person, residentId } from '../../test/people.ts'
import { openWorld, TODAY, type World } from '../../test/world.ts'
import { documentByKey, documentBySetlId, messagesOfVisit, requestByKey } from '../his/queries.ts'

eachEngine((engine, open) => {
  let w: World
  let his: ReturnType<typeof hisDesk>
  let person: Person
  const stranger: Person = { id: residentId(9100), name: '无名' }
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
  /** A visit that the insurer settled and that went through without us. */
  const passed = async () => {
    const v = visitOf(stranger)
    const job = his.settleJob(v, { pass: his.pass(v) })
    expect(outcome(await his.submit(job))).toBe('passed person_unknown')
    return { v, key: job.key }
  }

  describe('按原报文冲正（2601）', () => {
    test('原报文已入账：冲回；再冲正一次：成功而没有第二次作用', async () => {
      const v = visitOf(person)
      const job = his.settleJob(v)
      await his.submit(job)
      const first = his.reverseJob({ requestKey: job.key }, { psn_blind: v.psn_blind })
      expect(told(await his.submit(first))).toMatchObject({ status: 'reversal', assistance_paid: '-750.00' })
      const again = await his.reverse({ requestKey: job.key }, { psn_blind: v.psn_blind })
      expect(told(again)).toEqual({ outcome: 'already_reversed', setl_id: first.no, answer: null })
    })

    test('原报文没有到：立碑；迟到的原报文被拒绝，无论写的是什么，过多久都一样', async () => {
      const v = visitOf(person)
      const job = his.settleJob(v, { pass: his.pass(v) })
      expect(told(await his.reverse({ requestKey: job.key }))).toEqual({
        outcome: 'tombstone',
        setl_id: null,
        answer: null,
      })
      for (const fingerprint of ['same', 'other']) {
        const late = await his.submit({ ...job, fingerprint })
        expect(outcome(late)).toBe('kept reversed_before_arrival')
        expect(told(late)).toMatchObject({
          code: 'reversed_before_arrival',
          detail: '该报文已被冲正，请换新的msgid重新办理',
        })
        expect(booked(late).replayed).toBe(true)
      }
      expect(outcome(await his.reverse({ requestKey: job.key }))).toBe('tombstone')
      expect(outcome(await his.settle(v))).toBe('201')
    })

    test('同一冲正报文再发：同样的答复', async () => {
      const job = his.reverseJob({ requestKey: newMessage('2207') })
      const first = booked(await his.submit(job))
      expect(booked(await his.submit(job))).toEqual({ ...first, replayed: true })
    })

    test('别院的同一msgid是另一报文', async () => {
      const v = visitOf(person)
      const job = his.settleJob(v)
      expect(outcome(await hisDesk(w, w.stranger).reverse({ requestKey: job.key }))).toBe('tombstone')
      expect(outcome(await his.submit(job))).toBe('201')
    })

    test('原报文被拒绝过：无事可做，结算过的账单不受影响', async () => {
      const v = visitOf(person)
      await his.settle(v)
      const refused = his.settleJob({ ...v, setl_id: fresh('SETL') })
      expect(outcome(await his.submit(refused))).toBe('kept bill_already_settled')
      expect(outcome(await his.reverse({ requestKey: refused.key }))).toBe('nothing')
      expect(await reversalOf(v.setl_id)).toBeNull()
    })

    test('原报文本身是撤销：reversal_not_reversible', async () => {
      const v = visitOf(person)
      await his.settle(v)
      const back = his.reverseJob({ setl_id: v.setl_id })
      await his.submit(back)
      expect(outcome(await his.reverse({ requestKey: back.key }))).toBe('kept reversal_not_reversible')
      const { v: other } = await passed()
      const ended = his.reverseJob({ setl_id: other.setl_id })
      await his.submit(ended)
      expect(outcome(await his.reverse({ requestKey: ended.key }))).toBe('kept reversal_not_reversible')
    })

    test('原报文是原样放行的：结算单撤销，金额归零', async () => {
      const { v, key } = await passed()
      const back = his.reverseJob({ requestKey: key })
      expect(told(await his.submit(back))).toEqual({ outcome: 'document', setl_id: back.no, answer: null })
      expect(await documentByKey(w.store, w.terminal.hospital, back.key)).toMatchObject({ reverses: v.setl_id })
      expect(outcome(await his.reverse({ requestKey: key }))).toBe('already_reversed')
    })

    test('人员编号与原报文的结算单、调用、就诊记录不符：record_mismatch', async () => {
      const v = visitOf(person)
      const job = his.settleJob(v)
      await his.submit(job)
      const { key: passedKey } = await passed()
      const begun = newMessage('2207')
      await his.begin(visitOf(person), begun)
      const admission = newMessage('2401')
      const [infno = '', msgid = ''] = admission.split(':')
      const message = { mdtrt_id: v.mdtrt_id, infno, msgid, psn_blind: v.psn_blind, sealed: 's' }
      await his.note({ key: admission, message, answer: 'a' })
      for (const key of [job.key, passedKey, begun, admission]) {
        const wrong = await his.reverse({ requestKey: key }, { psn_blind: 'psn-other' })
        expect([key, outcome(wrong)]).toEqual([key, 'record_mismatch'])
      }
    })

    test('原调用还没有结果：立碑即结束它，迟来的结果不再放行', async () => {
      const v = visitOf(person)
      const job = his.settleJob(v, { pass: his.pass(v), begun: true })
      await his.begin(v, job.key)
      expect(outcome(await his.reverse({ requestKey: job.key }, { psn_blind: v.psn_blind }))).toBe('tombstone')
      expect(outcome(await his.submit(job))).toBe('kept reversed_before_arrival')
      expect(outcome(await his.note({ key: job.key, answer: 'x' }))).toBe('kept reversed_before_arrival')
    })

    test('原报文登记了就诊：记下冲正；就诊有未撤销的结算时拒绝', async () => {
      const v = visitOf(person)
      const key = newMessage('2401')
      const [infno = '', msgid = ''] = key.split(':')
      await his.note({
        key,
        message: { mdtrt_id: v.mdtrt_id, infno, msgid, psn_blind: v.psn_blind, sealed: 'in' },
        answer: 'a',
      })
      const message = { infno: '2601', msgid: fresh('M'), sealed: 'out' }
      await his.settle(v)
      const refused = await his.reverse({ requestKey: key }, { message })
      expect([outcome(refused), detailOf(refused)]).toEqual([
        'settlement_in_the_way',
        `就诊 ${v.mdtrt_id} 有未撤销的结算 ${v.setl_id}（2026-11-01 10:00:00）`,
      ])
      await his.reverse({ setl_id: v.setl_id })
      expect(outcome(await his.reverse({ requestKey: key }, { message }))).toBe('message')
      expect((await messagesOfVisit(w.store, w.terminal.hospital, v.mdtrt_id)).map((m) => m.sealed)).toEqual([
        'in',
        'out',
      ])
      expect(outcome(await his.reverse({ requestKey: key }))).toBe('kept reversal_not_reversible')
    })
  })

  test('一批之内：立碑、迟到的原报文、结算、冲正、再结算，依次各见前者', async () => {
    const v = visitOf(person)
    const [buried, job] = [his.settleJob(v), his.settleJob(v)]
    const results = await Promise.all([
      his.reverse({ requestKey: buried.key }),
      his.submit(buried),
      his.submit(job),
      his.settle({ ...v, setl_id: fresh('SETL') }),
      his.reverse({ requestKey: job.key }),
      his.reverse({ setl_id: v.setl_id }),
      his.settle({ ...v, setl_id: fresh('SETL') }),
    ])
    expect(results.map(outcome)).toEqual([
      'tombstone',
      'kept reversed_before_arrival',
      '201',
      'kept bill_already_settled',
      '201',
      'kept already_reversed',
      '201',
    ])
  })

  test('一批之内：放行、按医保结算ID撤销、按原报文冲正', async () => {
    const v = visitOf(stranger)
    const job = his.settleJob(v, { pass: his.pass(v) })
    const results = await Promise.all([
      his.submit(job),
      his.reverse({ setl_id: v.setl_id }),
      his.reverse({ requestKey: job.key }),
    ])
    expect(results.map(outcome)).toEqual(['passed person_unknown', 'document', 'already_reversed'])
    expect((await requestByKey(w.store, job.scope, job.key))?.answer).toBe(`answer ${v.setl_id}`)
  })
})
