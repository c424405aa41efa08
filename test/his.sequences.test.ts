import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { envelope, type HisMessage, type Json } from '../fixtures/his/message.ts'
import { takenForSuccess } from '../src/his/clients.fixture.ts'
import { documentsOfVisit } from '../src/his/queries.ts'
import { eachEngine } from './engines.ts'
import { type Chain, inputOf, openChain, outcomeOf } from './his-chain.ts'
import { FILES, SETS } from './his-sets.ts'
import { checkLedger } from './oracle.ts'
import type { Answer } from './world.ts'

/** The same sequences from messages of our own and, where they are at hand, from recorded ones. */
interface Cast {
  readonly of: string
  readonly lost: HisMessage
  readonly undo: HisMessage
  readonly short: HisMessage
  readonly spec: HisMessage
  readonly person: HisMessage
}
function castOf(of: string, messages: readonly HisMessage[]): Cast {
  const named = (part: string): HisMessage => {
    const found = messages.find((message) => message.name.includes(part))
    if (!found) throw new Error(`no message ${part}`)
    return found
  }
  return {
    of,
    lost: named('2207-unanswered'),
    undo: named('2601-after-unanswered-2207'),
    short: named('2207-guangzhou-short-msgid'),
    spec: named('2207-spec-style'),
    person: named('1101-constant-sequence'),
  }
}
const CASTS = [
  castOf(SETS.own.name, SETS.own.messages),
  ...(FILES.length > 0 ? [castOf(SETS.recorded.name, SETS.recorded.messages)] : []),
]
const OTHER = '2207-input-as-json-string'

/** The data of a request, whichever node its client writes. */
const dataOf = (message: HisMessage): Json => {
  const { data, mdtrtinfo } = inputOf(message)
  return (data ?? mdtrtinfo) as Json
}
let sent = 0
const withMsgid = (message: HisMessage, msgid = `261101-${String(++sent).padStart(6, '0')}`): HisMessage => ({
  ...message,
  body: { ...message.body, msgid },
})
const withData = (message: HisMessage, change: Json): HisMessage => {
  const input = inputOf(message)
  const node = 'data' in input ? 'data' : 'mdtrtinfo'
  return { ...message, body: { ...message.body, input: { ...input, [node]: { ...dataOf(message), ...change } } } }
}
const asking = (like: HisMessage, infno: string, data: Json): HisMessage => {
  const { fixmedins_code, mdtrtarea_admvs, insuplc_admdvs } = like.body
  const of = { fixmedins_code, mdtrtarea_admvs, insuplc_admdvs }
  return withMsgid({ name: infno, infno, body: envelope(infno, { data }, of) })
}
const isDone = ({ json }: Answer): boolean => Number(json.infcode) === 0

eachEngine((engine, open) => {
  describe.each(['second_step', 'in_between'] as const)('%s', (position) => {
    let chain: Chain
    beforeAll(async () => {
      chain = await openChain([engine, open], position, [...SETS.own.messages, ...SETS.recorded.messages])
    })
    afterAll(() => chain.stop())
    /** As the hospital of this place sends a settlement: the second step has asked its insurer before. */
    const ready = (message: HisMessage): Promise<HisMessage> =>
      position === 'second_step' ? chain.withInsurer(message) : Promise.resolve(message)
    const hospitalOf = ({ body }: HisMessage): string => String(body.fixmedins_code)
    const documents = (message: HisMessage) =>
      documentsOfVisit(chain.w.store, hospitalOf(message), String(dataOf(message).mdtrt_id))

    describe.each(CASTS.map((cast) => [cast.of, cast] as const))('%s', (_, { lost, undo, short, spec, person }) => {
      test('结算没有收到答复：再发得同样的字节，换报文不再结算，冲正恰好冲掉它，再冲仍成功', async () => {
        const message = await ready(lost)
        const first = await chain.send(message)
        expect(outcomeOf(first)).toMatch(/^救助 /)
        const { setl_id, maf_pay } = first.json.output.setlinfo
        expect(first.json.output.setlinfo.medins_setl_id).toBe(lost.body.msgid)
        expect((await chain.send(message)).text).toBe(first.text)

        const again = await chain.send(withMsgid(message))
        expect(outcomeOf(again)).toBe('bill_already_settled')
        expect(again.json.err_msg).toContain(setl_id)

        const wrongPerson = withData(withMsgid(undo), { psn_no: 'NOBODY' })
        expect(outcomeOf(await chain.send(wrongPerson))).toBe('record_mismatch')
        const wrongKind = withData(withMsgid(undo), { oinfno: '2304' })
        expect(outcomeOf(await chain.send(wrongKind))).toBe('record_mismatch')
        expect(await documents(lost)).toHaveLength(1)

        const undone = await chain.send(undo)
        expect(outcomeOf(undone)).toBe('成功')
        expect((await chain.send(undo)).text).toBe(undone.text)
        expect(isDone(await chain.send(withMsgid(undo)))).toBe(true)
        // Whoever repeats what it has taken back must not hear that it is settled.
        expect(outcomeOf(await chain.send(message))).toBe('reversed_before_arrival')
        const { psn_no } = dataOf(lost)
        const looked = await chain.send(asking(lost, '5203', { psn_no, msgid: lost.body.msgid }))
        expect(looked.json.output.setlinfo).toMatchObject({ setl_id, refd_setl_flag: '1' })
        const both = await documents(lost)
        expect(both).toHaveLength(2)
        const [settled, reversal] = ['settlement', 'reversal'].map((kind) => both.find((d) => d.kind === kind))
        expect(settled).toMatchObject({ setl_id, reversed_by: reversal?.setl_id })
        expect(reversal).toMatchObject({ assistance_fen: -Math.round(maf_pay * 100) })
      })

      test('冲正之后账单空出来，换报文可以重新结算', async () => {
        const again = withMsgid(withData(lost, {}))
        // The insurer gives the new settlement a new number.
        if (position === 'second_step') await chain.askPlatform(undo)
        const answer = await chain.send(await ready(again))
        expect(outcomeOf(answer)).toMatch(/^救助 /)
      })

      test('结算报文的编号带字母，冲正时不带：冲的还是它', async () => {
        const mdtrt_id = `A${String(++sent).padStart(8, '0')}`
        const newer = withMsgid({ ...withData(spec, { mdtrt_id }), infno: '2207A' })
        const message = { ...newer, body: { ...newer.body, infno: '2207A' } }
        expect(outcomeOf(await chain.send(await ready(message)))).toMatch(/^救助 /)
        const back = { psn_no: dataOf(spec).psn_no, omsgid: newer.body.msgid, oinfno: '2207' }
        expect(outcomeOf(await chain.send(asking(spec, '2601', back)))).toBe('成功')
        const kinds = (await documents(message)).map((document) => document.kind).sort()
        expect(kinds).toEqual(['reversal', 'settlement'])
      })

      test('同一秒的两个病人用了同一报文ID：第二个被拒绝，说明换报文ID，不漏出第一个的任何内容', async () => {
        const first = await chain.send(await ready(short))
        expect(outcomeOf(first)).toMatch(/^救助 /)
        const other = SETS.own.messages.find(({ name }) => name === OTHER) as HisMessage
        const { body } = short
        const patient = dataOf(other)
        const mdtrt_id = `X${String(++sent).padStart(8, '0')}`
        const next = withData(short, { ...patient, mdtrt_id, insutype: '390' })
        const collided = await chain.send(await ready(withMsgid(next, String(body.msgid))))
        expect(outcomeOf(collided)).toBe('idempotency_key_reused')
        expect(collided.json.err_msg).toContain('请换新的msgid重新发送')
        const { psn_name, certno } = first.json.output.setlinfo
        for (const word of [psn_name, certno, dataOf(short).psn_no]) expect(collided.text).not.toContain(word)
        expect(new Set(Object.values(takenForSuccess(collided.text)))).toEqual(new Set([false]))
        const freed = withData(short, { ...patient, mdtrt_id: `${mdtrt_id}Y`, insutype: '390' })
        expect(outcomeOf(await chain.send(await ready(withMsgid(freed))))).toMatch(/^救助 /)
      })

      test('同一秒的不同交易用同一报文ID：各是各的', async () => {
        const visit = { psn_no: dataOf(short).psn_no, begntime: '2026-11-01 10:00:00', insutype: '390' }
        const http = { ...short.http, path: '<base>/2201' }
        const registered = { ...asking(short, '2201', visit), http }
        const answer = await chain.send(withMsgid(registered, String(short.body.msgid)))
        expect(isDone(answer)).toBe(true)
      })

      test('报文序号是常数：同一秒问两个人，各得各的答复', async () => {
        const one = await chain.send(person)
        const other = await chain.send(withData(person, { mdtrt_cert_no: dataOf(spec).mdtrt_cert_no }))
        const third = await chain.send(withData(person, { mdtrt_cert_no: dataOf(short).mdtrt_cert_no }))
        for (const answer of [one, other, third]) expect(outcomeOf(answer)).toBe('身份 7019')
        expect(other.json.output.baseinfo.certno).toBe(dataOf(spec).mdtrt_cert_no)
        expect(third.json.output.baseinfo.certno).toBe(dataOf(short).mdtrt_cert_no)
      })

      test('撤销：负数单据、新结算ID，再发同样的字节；换报文再撤被拒绝；撤销不能再冲正', async () => {
        const settled = await chain.send(await ready(spec))
        const { setl_id, psn_no, mdtrt_id, maf_pay, medfee_sumamt } = settled.json.output.setlinfo
        const cancel = asking(spec, '2208', { psn_no, mdtrt_id, setl_id })
        const cancelled = await chain.send(cancel)
        expect(outcomeOf(cancelled)).toBe(`救助 ${-maf_pay}`)
        expect(cancelled.json.output.setlinfo).toMatchObject({
          medfee_sumamt: -medfee_sumamt,
          medins_setl_id: cancel.body.msgid,
        })
        expect(cancelled.json.output.setlinfo.setl_id).not.toBe(setl_id)
        expect((await chain.send(cancel)).text).toBe(cancelled.text)
        const twice = await chain.send(withMsgid(cancel))
        expect(isDone(twice)).toBe(false)
        expect(twice.json.err_msg).toContain(cancelled.json.output.setlinfo.setl_id)
        // Where it reached the insurer, that would settle again.
        const live = await chain.live(mdtrt_id)
        const uncancel = asking(spec, '2601', { psn_no, omsgid: cancel.body.msgid, oinfno: '2208' })
        expect(outcomeOf(await chain.send(uncancel))).toBe('reversal_not_reversible')
        expect(await chain.live(mdtrt_id)).toEqual(live)
        expect(await documents(spec).then((all) => all.filter((d) => d.reversed_by !== null))).not.toEqual([])
      })
    })

    test.skipIf(position === 'second_step')(
      '平台结算后断线，冲正又被它拒绝：不能确认，请勿收费；医院对账后自己冲正，两边都干净',
      async () => {
        const { spec } = CASTS[0] as Cast
        const mdtrt_id = `U${String(++sent).padStart(8, '0')}`
        await chain.control({ on: '2207', kind: 'cut' })
        await chain.control({ on: '2601', kind: 'refuse', text: '系统维护中', times: 3 })
        const message = withMsgid(withData(spec, { mdtrt_id }))
        expect(outcomeOf(await chain.send(message))).toBe('outcome_unknown')
        chain.w.clock += 31_000
        const unclear = await chain.send(message)
        expect(outcomeOf(unclear)).toBe('platform_unclear')
        expect(unclear.json.err_msg).toMatch(/系统维护中.*请勿收费；当日对账/)
        expect((await chain.send(message)).text).toBe(unclear.text)
        expect(await chain.live(mdtrt_id)).toHaveLength(1)
        const back = { psn_no: dataOf(spec).psn_no, omsgid: message.body.msgid, oinfno: '2207' }
        expect(isDone(await chain.send(asking(spec, '2601', back)))).toBe(true)
        expect(await chain.live(mdtrt_id)).toEqual([])
        expect(await documents(message)).toEqual([])
      },
    )

    test('账平', () => checkLedger(chain.w.store))
  })
})
