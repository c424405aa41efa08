import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { booked, detailOf, fresh, hisDesk, newMessage, outcome, somebody, told, visitOf } from '../../test/his-desk.ts'
import { checkDocuments } from '../../test/oracle.his.ts'
import { checkLedger } from '../../test/oracle.ts'
import { type Person, residentId } from '../../test/people.ts'
import { bill, openWorld, TODAY, type World } from '../../test/world.ts'
import { documentBySetlId, messagesOfVisit, openCalls, personOfPsn, requestByKey } from '../his/queries.ts'
import type { NoteJob } from './booking.ts'

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
  const open_ = async () => (await openCalls(w.store, { before: TODAY + 3_600_000 })).map((c) => c.key)
  const cancelling = (mdtrt_id: string, psn_blind: string): Partial<NoteJob> => ({
    call: { mdtrt_id, bill_no: null, psn_blind, sealed: 'cancel' },
    guard: { rule: 'begin', mdtrt_id, psn_blind },
  })

  describe('调用平台的开始与结束', () => {
    test('开始后未结束；同一报文再来得知从前的开始；内容不同：拒绝', async () => {
      const v = visitOf(person)
      const key = newMessage('2207')
      expect(booked(await his.begin(v, key))).toEqual({
        status: 202,
        body: '',
        problem: false,
        location: null,
        replayed: false,
      })
      expect(await open_()).toContain(key)
      const again = booked(await his.begin(v, key))
      expect(again.resume).toMatchObject({ key, mdtrt_id: v.mdtrt_id, bill_no: v.bill_no, sealed: `call ${key}` })
      expect(outcome(await his.begin(v, key, { fingerprint: 'other' }))).toBe('idempotency_key_reused')
    })

    test('结束：答复留存，同一报文此后得同样的答复', async () => {
      const v = visitOf(person)
      const key = newMessage('2207')
      await his.begin(v, key)
      const end = { key, answer: 'sealed no', status: 409, begun: true } as const
      expect(booked(await his.note(end))).toMatchObject({ status: 409, body: 'sealed no', problem: true })
      expect(await open_()).not.toContain(key)
      expect(booked(await his.begin(v, key))).toMatchObject({ status: 409, body: 'sealed no', replayed: true })
      expect(outcome(await his.begin(v, newMessage('2207')))).toBe('202')
    })

    test('结束的不是开始的那一份：拒绝', async () => {
      const key = newMessage('2207')
      await his.begin(visitOf(person), key)
      expect(outcome(await his.note({ key, fingerprint: 'other', answer: 'x' }))).toBe('idempotency_key_reused')
    })

    test('结束的同时开始另一个调用：一并写下；已有答复的不再结束，也不再开始', async () => {
      const v = visitOf(person)
      const [key, other] = [newMessage('2207'), newMessage('2207')]
      const next = (name: string) => ({
        ...{ key: name, fingerprint: 'same', mdtrt_id: v.mdtrt_id, bill_no: v.bill_no },
        ...{ psn_blind: v.psn_blind, sealed: `call ${name}` },
      })
      await his.begin(v, key)
      const end = { key, answer: 'sealed no', status: 409, begun: true, next: next(`undo ${key}`) } as const
      expect(booked(await his.note(end))).toMatchObject({ status: 409, replayed: false })
      expect(await open_()).toContain(`undo ${key}`)
      expect(await open_()).not.toContain(key)
      expect(outcome(await his.begin(v, newMessage('2207')))).toBe('already_settling')
      await his.note({ key: `undo ${key}`, answer: 'sealed done', begun: true })
      await his.begin(v, other)
      await his.settle(v, { key: other, pass: his.pass(v), begun: true })
      expect(booked(await his.note({ ...end, key: other, next: next(`undo ${other}`) })).replayed).toBe(true)
      expect(await open_()).not.toContain(`undo ${other}`)
    })

    test('入账即结束；放行即结束', async () => {
      for (const who of [person, { id: residentId(9200), name: '无名' }]) {
        const v = visitOf(who)
        const key = newMessage('2207')
        await his.begin(v, key)
        await his.settle(v, { key, pass: his.pass(v), begun: true })
        expect(await open_()).not.toContain(key)
      }
    })

    test('没有结束的从旧到新，只在所问的时段之内', async () => {
      const keys = [newMessage('2207'), newMessage('2207')]
      for (const [i, key] of keys.entries()) {
        w.clock = TODAY + 100_000_000 + i
        await his.begin(visitOf(person), key)
      }
      const found = await openCalls(w.store, { after: TODAY + 100_000_000, before: TODAY + 100_000_001 })
      expect(found.map((c) => c.key)).toEqual([keys[0]])
      const both = await openCalls(w.store, { after: TODAY + 100_000_000, before: TODAY + 200_000_000 })
      expect(both.map((c) => c.key)).toEqual(keys)
      expect(await openCalls(w.store, { before: TODAY + 200_000_000, limit: 1 })).toHaveLength(1)
    })
  })

  describe('一张账单同时只有一个调用', () => {
    test('同一账单：already_settling，不留存；同一就诊的另一账单不相干', async () => {
      const v = visitOf(person)
      const first = newMessage('2207')
      await his.begin(v, first)
      const second = newMessage('2207')
      const refused = await his.begin(v, second)
      expect([outcome(refused), detailOf(refused)]).toEqual([
        'already_settling',
        `就诊 ${v.mdtrt_id} 的报文 ${first} 正在办理`,
      ])
      expect(outcome(await his.begin({ ...v, bill_no: `${v.mdtrt_id}/2` }, newMessage('2207')))).toBe('202')
      await his.note({ key: first, answer: 'x', status: 409 })
      expect(outcome(await his.begin(v, second))).toBe('202')
    })

    test('撤销：整个就诊不能有别的调用；没有条件的开始不问这些', async () => {
      const v = visitOf(person)
      await his.begin(v, newMessage('2207'))
      const cancel = cancelling(v.mdtrt_id, v.psn_blind)
      expect(outcome(await his.note({ key: newMessage('2208'), ...cancel }))).toBe('already_settling')
      const { guard: _, ...unguarded } = cancel
      expect(outcome(await his.note({ key: newMessage('2601'), ...unguarded }))).toBe('202')
    })

    test('账单已结算：说出医保结算ID和时间，留存', async () => {
      const v = visitOf(person)
      await his.settle(v)
      const key = newMessage('2207')
      const refused = await his.begin(v, key)
      expect([outcome(refused), detailOf(refused)]).toEqual([
        'kept bill_already_settled',
        `账单 ${v.bill_no} 已由 ${v.setl_id}（2026-11-01 10:00:00） 结算`,
      ])
      await his.reverse({ setl_id: v.setl_id })
      expect(booked(await his.begin(v, key)).replayed).toBe(true)
      expect(outcome(await his.begin(v, newMessage('2207')))).toBe('202')
    })

    test('账单由终端自己的接口结算：说出结算单号', async () => {
      const v = visitOf(person)
      const { json } = await w.settle(bill({ bill_no: v.bill_no }))
      const refused = await his.begin(v, newMessage('2207'))
      expect(detailOf(refused)).toBe(`账单 ${v.bill_no} 已由 ${json.settlement_no} 结算`)
    })

    test('原样放行的账单也是结算过的', async () => {
      const v = visitOf({ id: residentId(9201), name: '无名' })
      await his.settle(v, { pass: his.pass(v) })
      const refused = await his.begin(v, newMessage('2207'))
      expect([outcome(refused), detailOf(refused)]).toEqual([
        'kept bill_already_settled',
        `账单 ${v.bill_no} 已由 ${v.setl_id}（2026-11-01 10:00:00） 结算`,
      ])
    })

    test('别人的就诊：record_mismatch', async () => {
      const v = visitOf(person)
      await his.settle(v)
      const other = { ...v, psn_blind: 'psn-other', bill_no: `${v.mdtrt_id}/2` }
      expect(outcome(await his.begin(other, newMessage('2207')))).toBe('record_mismatch')
      expect(outcome(await hisDesk(w, w.stranger).begin(other, newMessage('2207')))).toBe('202')
    })
  })

  describe('结算之下不撤就诊', () => {
    const taking = (mdtrt_id: string, change: object = {}): Partial<NoteJob> => ({
      answer: 'ok',
      guard: { rule: 'no_live_settlement', mdtrt_id, psn_blind: null, ...change },
    })

    test('有未撤销的结算：说出医保结算ID，不留存；撤销之后同一报文可办', async () => {
      const v = visitOf(person)
      await his.settle(v)
      const key = newMessage('2202')
      const refused = await his.note({ key, ...taking(v.mdtrt_id) })
      expect([outcome(refused), detailOf(refused)]).toEqual([
        'settlement_in_the_way',
        `就诊 ${v.mdtrt_id} 有未撤销的结算 ${v.setl_id}（2026-11-01 10:00:00）`,
      ])
      expect(outcome(await his.note({ key, ...taking(v.mdtrt_id, { bill_no: 'another' }) }))).toBe('200')
      await his.reverse({ setl_id: v.setl_id })
      expect(outcome(await his.note(taking(v.mdtrt_id)))).toBe('200')
    })

    test('正在结算：already_settling；正在撤销不妨碍', async () => {
      const v = visitOf(person)
      const key = newMessage('2207')
      await his.begin(v, key)
      expect(outcome(await his.note(taking(v.mdtrt_id)))).toBe('already_settling')
      await his.note({ key, answer: 'x', status: 409 })
      await his.note({ key: newMessage('2208'), ...cancelling(v.mdtrt_id, v.psn_blind) })
      expect(outcome(await his.note(taking(v.mdtrt_id)))).toBe('200')
    })

    test('原样放行的也是结算；别人的就诊：record_mismatch', async () => {
      const v = visitOf({ id: residentId(9202), name: '无名' })
      await his.settle(v, { pass: his.pass(v) })
      expect(outcome(await his.note(taking(v.mdtrt_id)))).toBe('settlement_in_the_way')
      expect(outcome(await his.note(taking(v.mdtrt_id, { psn_blind: 'psn-other' })))).toBe('record_mismatch')
    })
  })

  describe('所说所学', () => {
    const say = (mdtrt_id: string, infno: string, sealed: string) => {
      const key = newMessage(infno)
      return {
        key,
        message: { mdtrt_id, infno, msgid: key.slice(5), psn_blind: 'p', sealed },
        answer: `said ${sealed}`,
      }
    }

    test('就诊的话依次记下，重发不重记，答复一样', async () => {
      const mdtrt_id = fresh('MD')
      const notes = [say(mdtrt_id, '2201', 'a'), say(mdtrt_id, '2204', 'b'), say(mdtrt_id, '2204', 'c')]
      const twice = [...notes, ...notes]
      const results = await Promise.all(twice.map((n) => his.note(n)))
      expect(results.map((r) => [booked(r).body, booked(r).replayed])).toEqual(
        twice.map((n, i) => [n.answer, i >= notes.length]),
      )
      const said = await messagesOfVisit(w.store, w.terminal.hospital, mdtrt_id)
      expect(said.map((m) => [m.infno, m.msgid, m.sealed])).toEqual(
        notes.map((n) => [n.message.infno, n.message.msgid, n.message.sealed]),
      )
      expect(await messagesOfVisit(w.store, w.stranger.hospital, mdtrt_id)).toEqual([])
      const [first] = notes
      expect(await requestByKey(w.store, `his:${w.terminal.hospital}`, first?.key ?? '')).toMatchObject({
        status: 200,
        settlement_no: null,
        answer: 'said a',
      })
    })

    test('人员编号：学一次，同样的再学无妨，另一证件拒绝而什么也不记', async () => {
      const mdtrt_id = fresh('MD')
      const learn = { psn_blind: fresh('psn'), person_blind: 'A' }
      expect(outcome(await his.note({ learn, answer: 'x' }))).toBe('200')
      expect(outcome(await his.note({ learn, answer: 'x' }))).toBe('200')
      const wrong = { ...say(mdtrt_id, '2201', 'z'), learn: { ...learn, person_blind: 'B' } }
      expect(outcome(await his.note(wrong))).toBe('psn_no_conflict')
      expect(await messagesOfVisit(w.store, w.terminal.hospital, mdtrt_id)).toEqual([])
      expect(await personOfPsn(w.store, learn.psn_blind)).toBe('A')
    })

    test('不留答复的可以反复说', async () => {
      const learn = { psn_blind: fresh('psn'), person_blind: 'A' }
      const key = newMessage('1101')
      expect([outcome(await his.note({ key, learn })), outcome(await his.note({ key, learn }))]).toEqual(['202', '202'])
      expect(await requestByKey(w.store, `his:${w.terminal.hospital}`, key)).toBeNull()
    })

    test('谁也不能决定的结算：留下结算单与缘由', async () => {
      const v = visitOf(person)
      const draft = his.settleJob(v).document
      if (!draft) throw new Error('a job of a HIS has its document')
      const document = { ...draft, bill_no: v.bill_no, missed: 'bill_does_not_add_up' } as const
      await his.note({ key: newMessage('2207'), document, answer: 'theirs' })
      expect(await documentBySetlId(w.store, w.terminal.hospital, v.setl_id)).toMatchObject({
        settlement_no: null,
        missed: 'bill_does_not_add_up',
        cash_fen: 100_000,
        reversed_by: null,
      })
      expect(told(await his.reverse({ setl_id: v.setl_id })).outcome).toBe('document')
    })
  })
})
