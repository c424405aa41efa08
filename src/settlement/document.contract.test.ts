import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { booked, detailOf, fresh, hisDesk, newMessage, outcome, somebody, told, visitOf } from '../../test/his-desk.ts'
import { checkDocuments } from '../../test/oracle.his.ts'
import { checkLedger } from '../../test/oracle.ts'
import { OPERATOR, type Person, residentId } from '../../test/people.ts'
import { bill, newKey, OTHER_HOSPITAL, openWorld, TODAY, UNCATEGORISED, type World } from '../../test/world.ts'
import { documentByKey, documentBySetlId, missedDocuments, personOfPsn, requestByKey } from '../his/queries.ts'
import { revokeTerminal } from '../hospitals/revoke-terminal.ts'
import { numberAgain } from './exchange.ts'

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
  const scope = () => `his:${w.terminal.hospital}`
  const learnOf = (who: Person, psn_blind = `psn-${who.id}`) => ({ psn_blind, person_blind: `id-${who.id}` })

  describe('结算与医保结算单一起入账', () => {
    test('救助计入基金，从个人现金中减去', async () => {
      const v = visitOf(person)
      const job = his.settleJob(v)
      const result = await his.submit(job)
      expect(told(result)).toMatchObject({ settlement_no: job.no, assistance_paid: '750.00', patient_pays: '250.00' })
      expect(await documentBySetlId(w.store, w.terminal.hospital, v.setl_id)).toEqual({
        hospital_code: w.terminal.hospital,
        setl_id: v.setl_id,
        kind: 'settlement',
        reverses: null,
        settlement_no: job.no,
        missed: null,
        key: job.key,
        mdtrt_id: v.mdtrt_id,
        bill_no: v.bill_no,
        psn_blind: v.psn_blind,
        insutype: '390',
        clr_type: '21',
        setl_optins: '654002',
        setl_day: '2026-11-01',
        medfee_fen: 100_000,
        fund_fen: 75_000,
        acct_fen: 0,
        cash_fen: 25_000,
        assistance_fen: 75_000,
        sealed: `sealed ${v.setl_id}`,
        at: TODAY,
        reversed_by: null,
      })
    })

    test('同一报文再发：同样的答复；内容不同：拒绝', async () => {
      const v = visitOf(person)
      const job = his.settleJob(v)
      const first = booked(await his.submit(job))
      const again = booked(await his.submit({ ...job, no: fresh('2026') }))
      expect(again).toEqual({ ...first, replayed: true })
      expect(outcome(await his.submit({ ...job, fingerprint: 'other' }))).toBe('idempotency_key_reused')
    })

    test('幂等范围是医院：本院另一终端发同一报文得同样的答复，别院的同一报文是另一笔', async () => {
      const v = visitOf(person)
      const job = his.settleJob(v)
      const first = booked(await his.submit(job))
      const second = hisDesk(w, w.second)
      expect(booked(await second.submit({ ...job, terminal: w.second })).body).toBe(first.body)
      const stranger = hisDesk(w, w.stranger)
      // 医保的一张结算单只在一家医院登记；撤销重办过的（~2）也还是那一张
      for (const setl_id of [v.setl_id, numberAgain(v.setl_id, 2)])
        expect(outcome(await stranger.settle({ ...v, setl_id }, { key: job.key }))).toBe('setl_id_taken')
      const elsewhere = await stranger.settle({ ...v, setl_id: `${v.setl_id}0` }, { key: job.key })
      expect(outcome(elsewhere)).toBe('201')
      expect((await requestByKey(w.store, `his:${OTHER_HOSPITAL}`, job.key))?.settlement_no).toBe(
        told(elsewhere).settlement_no,
      )
    })

    test('报文ID中的任何字符都可以作键，与终端自己的键互不相干', async () => {
      const key = '2207:H6540 "02"|汉字:20261101;--'
      const results = await Promise.all([his.settle(visitOf(person), { key }), his.settle(visitOf(person), { key })])
      expect(results.map((r) => outcome(r))).toEqual(['201', '201'])
      expect(booked(results[1] as never).replayed).toBe(true)
    })

    test('账单已结算：新报文被拒绝，说出医保结算ID和时间', async () => {
      const v = visitOf(person)
      await his.settle(v)
      const refused = await his.settle({ ...v, setl_id: fresh('SETL') })
      expect(outcome(refused)).toBe('kept bill_already_settled')
      expect(detailOf(refused)).toBe(`账单 ${v.bill_no} 已由 ${v.setl_id}（2026-11-01 10:00:00） 结算`)
    })

    test('原样放行的账单也是结算过的；撤销之后才能再结算', async () => {
      const v = visitOf(person)
      await his.settle(v, { pass: his.pass(v, TODAY - 1) })
      const again = { ...v, setl_id: fresh('SETL') }
      const refused = await his.settle(again)
      expect([outcome(refused), detailOf(refused), booked(refused).location]).toEqual([
        'kept bill_already_settled',
        `账单 ${v.bill_no} 已由 ${v.setl_id}（2026-11-01 10:00:00） 结算`,
        null,
      ])
      await his.reverse({ setl_id: v.setl_id })
      expect(outcome(await his.settle(again))).toBe('201')
    })

    test('医保结算ID已经登记在别的账单上：setl_id_taken，不留存，改正后同一报文可办', async () => {
      const v = visitOf(person)
      await his.settle(v)
      const other = visitOf(person)
      const key = newMessage('2207')
      expect(outcome(await his.settle({ ...other, setl_id: v.setl_id }, { key }))).toBe('setl_id_taken')
      expect(outcome(await his.settle(other, { key }))).toBe('201')
    })

    test('救助超过医保结算后的个人现金：bill_does_not_add_up，两个数额都说出', async () => {
      const v = visitOf(person)
      const job = his.settleJob(v)
      const document = { ...(job.document as NonNullable<typeof job.document>), cash_fen: 74_999 }
      const refused = await his.submit({ ...job, document })
      expect([outcome(refused), detailOf(refused)]).toEqual([
        'bill_does_not_add_up',
        '医疗救助 750.00 超过医保结算后的个人现金支付 749.99',
      ])
    })

    test('没有救助类别：入账 0.00，结算单金额不变', async () => {
      const v = visitOf(UNCATEGORISED, '10.00')
      expect(told(await his.settle(v)).assistance_paid).toBe('0.00')
      expect(await documentBySetlId(w.store, w.terminal.hospital, v.setl_id)).toMatchObject({
        assistance_fen: 0,
        cash_fen: 1000,
        fund_fen: 0,
      })
    })
  })

  describe('人员编号', () => {
    test('结算时学得；同一人再来不再写', async () => {
      const who = await somebody(w)
      await his.settle(visitOf(who), { learn: learnOf(who) })
      expect(await personOfPsn(w.store, `psn-${who.id}`)).toBe(`id-${who.id}`)
      expect(outcome(await his.settle(visitOf(who), { learn: learnOf(who) }))).toBe('201')
      expect(await personOfPsn(w.store, 'psn-nobody')).toBeNull()
    })

    test('一批之内，前一笔学得的后一笔就知道；证件在册的，编号对应另一证件也结算，编号不改', async () => {
      const [who, other] = [await somebody(w), await somebody(w)]
      const results = await Promise.all([
        his.settle(visitOf(who), { learn: learnOf(who) }),
        his.settle(visitOf(other), { learn: learnOf(other, `psn-${who.id}`) }),
        his.settle(visitOf(who), { learn: learnOf(who) }),
      ])
      expect(results.map(outcome)).toEqual(['201', '201', '201'])
      expect(await personOfPsn(w.store, `psn-${who.id}`)).toBe(`id-${who.id}`)
    })

    test('被拒绝的结算什么也不教', async () => {
      const who: Person = { id: residentId(9001), name: '无名' }
      expect(outcome(await his.settle(visitOf(who), { learn: learnOf(who) }))).toBe('kept person_unknown')
      expect(await personOfPsn(w.store, `psn-${who.id}`)).toBeNull()
    })
  })

  describe('医保已结算而我们不能决定的，原样放行', () => {
    const passing = (v = visitOf(person), change = {}) => his.settle(v, { pass: his.pass(v), ...change })
    const strangers: Person = { id: residentId(9002), name: '无名' }

    test('可以决定的照常入账', async () => {
      expect(outcome(await passing())).toBe('201')
    })

    test.each([
      ['person_unknown', () => visitOf(strangers), null],
      ['name_mismatch', () => visitOf({ ...person, name: '他人' }), 'name_mismatch'],
    ] as const)('%s：放行，答复留存，重发得同样的答复', async (code, make, missed) => {
      const v = make()
      const job = his.settleJob(v, { pass: his.pass(v) })
      const first = booked(await his.submit(job))
      expect([outcome(first), first.status, first.body]).toEqual([`passed ${code}`, 200, `answer ${v.setl_id}`])
      const document = await documentByKey(w.store, w.terminal.hospital, job.key)
      expect(document).toMatchObject({ settlement_no: null, missed, assistance_fen: 0, cash_fen: 100_000, fund_fen: 0 })
      expect(booked(await his.submit(job))).toEqual({ ...first, replayed: true, passed: missed })
    })

    test('不在统筹区：没有什么待补', async () => {
      const v = visitOf(person)
      const job = his.settleJob(v, { pass: his.pass(v) })
      const abroad = { ...job.bill, insurance: { type: 'resident', admdvs: '110100' } } as const
      expect(outcome(await his.submit({ ...job, bill: abroad }))).toBe('passed no_scheme')
      expect(await documentByKey(w.store, w.terminal.hospital, job.key)).toMatchObject({ missed: null })
    })

    test('过了时限才轮到：放行，待补救助', async () => {
      const v = visitOf(person)
      w.clock = TODAY + 1000
      const exactly = await his.settle(visitOf(person), { pass: his.pass(v, TODAY + 1000) })
      const late = await his.settle(v, { pass: his.pass(v, TODAY + 999) })
      expect([outcome(exactly), outcome(late)]).toEqual(['201', 'passed too_late'])
      const waiting = await missedDocuments(w.store, 100)
      expect(waiting.filter((d) => d.setl_id === v.setl_id)).toMatchObject([{ missed: 'too_late', reversed_by: null }])
    })

    test('待补救助的账单由终端自己的接口补上：不再待补；又冲销：再待补', async () => {
      const v = visitOf(person)
      await his.settle(v, { pass: his.pass(v, TODAY - 1) })
      const waits = async () => (await missedDocuments(w.store, 100)).some((d) => d.setl_id === v.setl_id)
      const { json } = await w.settle(bill({ bill_no: v.bill_no }))
      expect(await waits()).toBe(false)
      await w.reverse(json.settlement_no)
      expect(await waits()).toBe(true)
    })

    test('过了时限而又查无此人：没有什么待补', async () => {
      const v = visitOf(strangers)
      expect(outcome(await his.settle(v, { pass: his.pass(v, TODAY - 1) }))).toBe('passed person_unknown')
    })

    test('账单被别处先结算了：放行，不重复救助', async () => {
      const v = visitOf(person)
      await w.settle(bill({ bill_no: v.bill_no }))
      expect(outcome(await passing(v))).toBe('passed bill_already_settled')
    })

    test('终端刚被停用：医保的结果照样放行', async () => {
      const { id } = await w.addTerminal(w.terminal.hospital)
      const gone = { ...w.terminal, id }
      await revokeTerminal(w.service.deps, OPERATOR, id)
      const v = visitOf(person)
      const there = hisDesk(w, gone)
      expect(outcome(await there.settle(visitOf(person)))).toBe('terminal_revoked')
      expect(outcome(await there.settle(v, { pass: his.pass(v) }))).toBe('passed terminal_revoked')
      expect(outcome(await there.note({ answer: 'x' }))).toBe('terminal_revoked')
      expect(outcome(await there.note({ answer: 'x', begun: true }))).toBe('200')
    })

    test('键已用于别的内容，不放行', async () => {
      const v = visitOf(person)
      const job = his.settleJob(v, { pass: his.pass(v) })
      await his.submit(job)
      expect(outcome(await his.submit({ ...job, fingerprint: 'other' }))).toBe('idempotency_key_reused')
    })

    test('同一医保结算ID不能放行第二次：不留答复，可以换号再来', async () => {
      const v = visitOf(strangers)
      await passing(v)
      expect(outcome(await passing({ ...v, bill_no: `${v.mdtrt_id}/2` }))).toBe('setl_id_taken')
      const known = visitOf(person, '1000.00', { setl_id: v.setl_id })
      expect(outcome(await passing(known))).toBe('setl_id_taken')
    })

    test('经办机构登记的人员编号与证件不符：放行，待补', async () => {
      const [who, other] = [await somebody(w), await somebody(w)]
      const stated = { psn_blind: `psn-${who.id}`, person_blind: `id-${who.id}` }
      const { register_psn_no } = w.store.tables
      await w.store.write((tx) =>
        tx.insert(register_psn_no).values({ ...stated, sealed_reason: 's', draft_id: null, at: 1, by: 'x' }),
      )
      const passed = await passing(visitOf(other), { learn: learnOf(other, `psn-${who.id}`) })
      expect(outcome(passed)).toBe('passed psn_no_conflict')
      expect(await personOfPsn(w.store, `psn-${who.id}`)).toBe(`id-${who.id}`)
    })
  })

  test('本院终端的键和HIS的键各有各的范围', async () => {
    const key = newKey()
    const native = await w.settle(bill(), key)
    expect(native.status).toBe(201)
    expect(outcome(await his.settle(visitOf(person), { key }))).toBe('201')
    expect((await requestByKey(w.store, scope(), key))?.settlement_no).not.toBe(native.json.settlement_no)
  })
})
