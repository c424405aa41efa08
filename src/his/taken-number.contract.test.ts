import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { openRawBetween } from '../../test/his-between.ts'
import { fresh } from '../../test/his-desk.ts'
import { refusedFor } from '../../test/his-message.ts'
import { type hisWindow, psnOf, stayInfo } from '../../test/his-window.ts'
import { checkDocuments } from '../../test/oracle.his.ts'
import { checkLedger } from '../../test/oracle.ts'
import { type Person, residentId } from '../../test/people.ts'
import type { RawPlatform } from '../../test/raw-platform.ts'
import { HOSPITAL, SOMEBODY, type World } from '../../test/world.ts'
import { documentBySetlId, missedDocuments } from './queries.ts'
import { callRounds } from './rounds.ts'

const STRANGER: Person = { id: residentId(999), name: '无名氏' }

/** In between: the insurer has settled under a number that stands in our books already. */
eachEngine((engine, open) => {
  let w: World
  let at: ReturnType<typeof hisWindow>
  let platform: RawPlatform
  beforeAll(async () => {
    const between = await openRawBetween(engine, open)
    w = between.w
    at = between.at
    platform = between.platform
  })
  afterAll(() => platform.stop())

  /** The platform settles a stay, and says so in these words. */
  const settling = async (p: Person, visit: string, info: object, send = () => at.settleThrough(p, visit)) => {
    const said = { infcode: 0, output: { setlinfo: stayInfo(p, visit, { ...info }), setldetail: [] } }
    platform.says(() => said)
    const answer = await send()
    return { answer, said: JSON.stringify(said) }
  }
  const settled = async (setl_id: string, visit = fresh('MD')) => {
    const { answer } = await settling(SOMEBODY, visit, { setl_id })
    expect(answer.json.output.setlinfo.maf_pay).toBe(750)
    return visit
  }
  const cancelled = async (visit: string, setl_id: string, by = fresh('BACK')) => {
    platform.says(() => ({ infcode: 0, output: { setlinfo: { ...stayInfo(SOMEBODY, visit), setl_id: by } } }))
    return at.cancelStay(SOMEBODY, visit, setl_id)
  }
  const queued = async (visit: string) =>
    (await missedDocuments(w.store, 100)).filter((d) => d.mdtrt_id === visit).map((d) => [d.setl_id, d.missed])
  const stored = (setl_id: string) => documentBySetlId(w.store, HOSPITAL, setl_id)
  const nothingOpen = async () => expect(await callRounds(w.service.deps)()).toEqual({ asked: 0, open: 0 })

  describe('别的账单的医保结算ID', () => {
    test('医保的答复原样转回，列入待补救助，重发一样；原来那笔不动，各按就诊撤销', async () => {
      const setl_id = fresh('TAKEN')
      const first = await settled(setl_id)
      const visit = fresh('MD')
      const { answer, said } = await settling(SOMEBODY, visit, { setl_id, medfee_sumamt: 4000 })
      expect(answer.text).toBe(said)
      expect((await at.again(answer)).text).toBe(said)
      expect(await queued(visit)).toEqual([[`${setl_id}~2`, 'setl_id_taken']])
      expect(await stored(setl_id)).toMatchObject({ mdtrt_id: first, assistance_fen: 75_000, reversed_by: null })
      await nothingOpen()

      expect((await cancelled(visit, setl_id)).json.infcode).toBe(0)
      expect(await queued(visit)).toEqual([])
      expect((await stored(setl_id))?.reversed_by).toBeNull()
      expect((await cancelled(first, setl_id)).json.infcode).toBe('0')
      expect((await stored(setl_id))?.reversed_by).not.toBeNull()
    })

    test('不在册的病人：原样转回，没有什么待补', async () => {
      const setl_id = fresh('TAKEN')
      await settled(setl_id)
      const visit = fresh('MD')
      const { answer, said } = await settling(STRANGER, visit, { setl_id })
      expect(answer.text).toBe(said)
      expect(await queued(visit)).toEqual([])
      expect(await stored(`${setl_id}~2`)).toMatchObject({ mdtrt_id: visit, missed: null, settlement_no: null })
    })

    test('又不能计算的：原样转回，待补的缘由是不能计算', async () => {
      const setl_id = fresh('TAKEN')
      await settled(setl_id)
      const visit = fresh('MD')
      const { answer, said } = await settling(SOMEBODY, visit, { setl_id, fund_pay_sumamt: 3100 })
      expect(answer.text).toBe(said)
      expect(await queued(visit)).toEqual([[`${setl_id}~2`, 'bill_does_not_add_up']])
    })

    test('是一张撤销单据的号码：也一样；第三次用 ~3', async () => {
      const [setl_id, back] = [fresh('TAKEN'), fresh('BACK')]
      await cancelled(await settled(setl_id), setl_id, back)
      for (const nth of [2, 3]) {
        const visit = fresh('MD')
        const { answer, said } = await settling(SOMEBODY, visit, { setl_id: back })
        expect(answer.text).toBe(said)
        expect(await queued(visit)).toEqual([[`${back}~${nth}`, 'setl_id_taken']])
      }
    })
  })

  test('原来那笔已撤销，医保又用同一号码结算：照常救助，医院看到的还是医保的号码', async () => {
    const setl_id = fresh('TAKEN')
    await cancelled(await settled(setl_id), setl_id)
    const visit = fresh('MD')
    const { answer } = await settling(SOMEBODY, visit, { setl_id })
    expect(answer.json.output.setlinfo).toMatchObject({ setl_id, maf_pay: 750 })
    expect(await stored(`${setl_id}~2`)).toMatchObject({ mdtrt_id: visit, assistance_fen: 75_000 })
    expect(await queued(visit)).toEqual([])
  })

  test('医保把原来那笔又答了一次（就诊、人、金额都相同）：就是那一张，救助一次，答复相同', async () => {
    const setl_id = fresh('TAKEN')
    const visit = await settled(setl_id)
    const data = { mid_setl_flag: '1', psn_no: psnOf(SOMEBODY), mdtrt_cert_type: '02', mdtrt_cert_no: SOMEBODY.id }
    const rest = { medfee_sumamt: '4000.00', psn_setlway: '01', mdtrt_id: visit, insutype: '390', acct_used_flag: '1' }
    const send = () => at.send('2304', { data: { ...data, ...rest } })
    const { answer } = await settling(SOMEBODY, visit, { setl_id }, send)
    expect(answer.json.output.setlinfo).toMatchObject({ setl_id, maf_pay: 750 })
    expect((await at.again(answer)).text).toBe(answer.text)
    expect([await stored(`${setl_id}~2`), await queued(visit)]).toEqual([null, []])
    await nothingOpen()

    // 医院没听到第二次的答复，用 2601 冲正：医保冲的是那一张，救助也随之退回；再发第二条报文不会听到已结算
    platform.says(() => ({ infcode: 0, output: {} }))
    const undone = { psn_no: psnOf(SOMEBODY), omsgid: answer.msgid, oinfno: '2304' }
    expect((await at.send('2601', { data: undone })).json.infcode).toBe('0')
    expect((await stored(setl_id))?.reversed_by).not.toBeNull()
    expect(refusedFor(await at.again(answer))).toBe('reversed_before_arrival')
    await nothingOpen()
  })

  test('账平，单账相符', async () => {
    await checkLedger(w.store)
    await checkDocuments(w.store)
  })
})
