import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { openBetween } from '../../test/his-between.ts'
import { fresh } from '../../test/his-desk.ts'
import { isTaken, refusedFor } from '../../test/his-message.ts'
import { type hisWindow, psnOf } from '../../test/his-window.ts'
import { checkLedger } from '../../test/oracle.ts'
import { done, OPERATOR, residentId } from '../../test/people.ts'
import type { PlatformProcess } from '../../test/platform/start.ts'
import { UNCATEGORISED, type World } from '../../test/world.ts'
import { setUpstream } from '../hospitals/set-his.ts'
import { settlementStumbles, takenForSuccess } from './clients.fixture.ts'
import { missedDocuments } from './queries.ts'
import { callRounds } from './rounds.ts'

const STRANGER = { id: residentId(999), name: '无名氏' }
/** Each of them is ill once: the platform's shares depend on the year so far. */
const PATIENTS = Array.from({ length: 24 }, (_, n) => ({ id: residentId(100 + n), name: `病人${n + 1}` }))

eachEngine((engine, open) => {
  let w: World
  let at: ReturnType<typeof hisWindow>
  let platform: PlatformProcess
  beforeAll(async () => {
    const others = [UNCATEGORISED, STRANGER]
    const between = await openBetween(engine, open, { people: PATIENTS, others, timeout_ms: 1000 })
    w = between.w
    at = between.at
    platform = between.platform
  })
  beforeEach(() => platform.control({ clear: 'faults', auth: null }))
  afterAll(() => platform.stop())

  let ill = 0
  const patient = () => PATIENTS[ill++ % PATIENTS.length] as (typeof PATIENTS)[number]
  const live = async (mdtrt_id: string) => (await platform.books()).live.filter((d) => d.mdtrt_id === mdtrt_id)
  const round = () => callRounds(w.service.deps)()

  describe('医院只改了一个地址', () => {
    test('入院、出院、结算、明细查询：医保先付，救助并入，答复每种客户端都读得懂', async () => {
      const p = patient()
      const visit = await at.stay(p)
      const answer = await at.settleThrough(p, visit)
      expect(refusedFor(answer)).toBeNull()
      const { setlinfo, setldetail } = answer.json.output
      // 4,000：起付线 500，医保 (4,000−500)×75% = 2,625；救助 (4,000−2,625)×75% = 1,031.25
      expect(setlinfo).toMatchObject({
        hifp_pay: 2625,
        maf_pay: 1031.25,
        fund_pay_sumamt: 3656.25,
        psn_cash_pay: 343.75,
      })
      expect(setldetail.at(-1)).toMatchObject({ fund_pay_type: '610100', fund_payamt: 1031.25 })
      expect(settlementStumbles(answer.text)).toEqual([])
      expect(Object.values(takenForSuccess(answer.text))).not.toContain(false)
      expect((await at.again(answer)).text).toBe(answer.text)
      expect((await live(visit)).map((d) => d.setl_id)).toEqual([setlinfo.setl_id])
    })

    test('平台办理期间读不到就诊：答复来了再读，救助照样并入', async () => {
      const p = patient()
      const visit = await at.stay(p)
      const store = w.service.deps.store as { readTogether: World['store']['readTogether'] }
      const { readTogether } = store
      let failed = 0
      store.readTogether = () => {
        failed++
        store.readTogether = readTogether
        return Promise.reject(new Error('the store is away'))
      }
      const answer = await at.settleThrough(p, visit)
      expect([refusedFor(answer), failed]).toEqual([null, 1])
      expect(answer.json.output.setlinfo).toMatchObject({ maf_pay: 1031.25, psn_cash_pay: 343.75 })
    })

    test('预结算也带上救助，不入账', async () => {
      const p = patient()
      const visit = await at.stay(p)
      const tried = await at.tryThrough(p, visit)
      expect(tried.json.output.setlinfo).toMatchObject({ maf_pay: 1031.25, setl_id: null })
      expect(await live(visit)).toEqual([])
    })

    test('不在登记册的病人：医保的答复原样转回，不留待办', async () => {
      const visit = await at.stay(STRANGER)
      const answer = await at.settleThrough(STRANGER, visit)
      expect(answer.json.output.setlinfo).toMatchObject({ maf_pay: 0, psn_cash_pay: 1375 })
      expect((await at.again(answer)).text).toBe(answer.text)
      const missed = await missedDocuments(w.store, 100)
      expect(missed.map((d) => d.mdtrt_id)).not.toContain(visit)
    })

    test('撤销：医保先撤，救助随之退回；新结算ID，金额为负', async () => {
      const p = patient()
      const visit = await at.stay(p)
      const settled = await at.settleThrough(p, visit)
      const { setl_id } = settled.json.output.setlinfo
      const cancelled = await at.cancelStay(p, visit, setl_id)
      expect(cancelled.json.output.setlinfo).toMatchObject({ maf_pay: -1031.25, psn_cash_pay: -343.75 })
      expect(cancelled.json.output.setlinfo.setl_id).not.toBe(setl_id)
      expect((await at.again(cancelled)).text).toBe(cancelled.text)
      expect(await live(visit)).toEqual([])
      expect(refusedFor(await at.settleThrough(p, visit))).toBeNull()
    })

    test('撤销不在登记册的病人的结算：两边都撤', async () => {
      const visit = await at.stay(STRANGER)
      const settled = await at.settleThrough(STRANGER, visit)
      const cancelled = await at.cancelStay(STRANGER, visit, settled.json.output.setlinfo.setl_id)
      expect(cancelled.json.output.setlinfo.medfee_sumamt).toBe(-4000)
      expect(await live(visit)).toEqual([])
    })

    test('冲正：两边都冲，再冲仍成功；冲正先到，原报文晚到不再办理', async () => {
      const p = patient()
      const visit = await at.stay(p)
      const settled = await at.settleThrough(p, visit)
      for (let i = 0; i < 2; i++) expect(isTaken(await at.undo(p, '2304', settled.msgid))).toBe(true)
      expect(await live(visit)).toEqual([])
      const late = fresh('LATE')
      expect(isTaken(await at.undo(p, '2304', late))).toBe(true)
      const answer = await at.settleThrough(p, visit, { msgid: late })
      expect(isTaken(answer)).toBe(false)
      expect(await live(visit)).toEqual([])
    })

    test('医院只有我们的密钥：以我们在平台的凭据转交', async () => {
      const { deps } = w.service
      const apikey = 'platform-key-0123456789'
      const upstream = { admdvs: '654002', url: platform.url, style: 'one', timeout_ms: 1000 } as const
      await platform.control({ auth: { apikey } })
      expect((await at.send('4101', { data: {} })).json.infcode).toBe('-1')
      await done(setUpstream(deps, OPERATOR, { ...upstream, credential: { apikey } }))
      await deps.directory.now()
      expect(isTaken(await at.send('4101', { data: {} }))).toBe(true)
      await platform.control({ auth: null })
      await done(setUpstream(deps, OPERATOR, upstream))
    })

    test('不认识的交易原样转给医保平台', async () => {
      expect(isTaken(await at.send('4101', { data: {} }))).toBe(true)
    })
  })

  describe('医保平台出问题', () => {
    test('医保拒绝：原话转回，同一报文得同一答复', async () => {
      const p = patient()
      const visit = await at.stay(p)
      await platform.control({ on: '2304', kind: 'refuse', text: '基金冻结' })
      const answer = await at.settleThrough(p, visit)
      expect(answer.json).toMatchObject({ err_msg: '基金冻结' })
      expect((await at.again(answer)).text).toBe(answer.text)
      expect(refusedFor(await at.settleThrough(p, visit))).toBeNull()
    })

    test.each(['hang', 'cut', 'cut_before', 'http_500', 'malformed', 'twice'])(
      '结算时%s：医院得到失败，医保已冲正，换报文再办只付一次',
      async (kind) => {
        const p = patient()
        const visit = await at.stay(p)
        await platform.control({ on: '2304', kind })
        const answer = await at.settleThrough(p, visit)
        expect(refusedFor(answer)).toBe('platform_undone')
        expect(await live(visit)).toEqual([])
        expect((await at.again(answer)).text).toBe(answer.text)
        expect(refusedFor(await at.settleThrough(p, visit))).toBeNull()
        expect(await live(visit)).toHaveLength(1)
      },
      20_000,
    )

    test('冲正也没有答复：结果未知，轮询直到查清；其间同一账单不再办理', async () => {
      const p = patient()
      const visit = await at.stay(p)
      await platform.control({ on: '2304', kind: 'cut' })
      await platform.control({ on: '2601', kind: 'http_500', times: 3 })
      const answer = await at.settleThrough(p, visit)
      expect(refusedFor(answer)).toBe('outcome_unknown')
      expect(refusedFor(await at.settleThrough(p, visit))).toBe('already_settling')
      expect(refusedFor(await at.send('2404', { data: { psn_no: psnOf(p), mdtrt_id: visit } }))).toBe(
        'already_settling',
      )
      await round()
      await round()
      expect(await live(visit)).toEqual([])
      expect(refusedFor(await at.again(answer))).toBe('platform_undone')
      expect(refusedFor(await at.settleThrough(p, visit))).toBeNull()
    }, 20_000)

    test.each(['cut', 'hang', 'cut_before'])(
      '撤销时%s：查明后办完，救助退回',
      async (kind) => {
        const p = patient()
        const visit = await at.stay(p)
        const { setl_id } = (await at.settleThrough(p, visit)).json.output.setlinfo
        await platform.control({ on: '2305', kind })
        const answer = await at.cancelStay(p, visit, setl_id)
        expect(refusedFor(answer)).toBeNull()
        expect(answer.json.output.setlinfo.maf_pay).toBe(-1031.25)
        expect(await live(visit)).toEqual([])
      },
      20_000,
    )

    test('平台没有开：没有办理任何业务', async () => {
      const p = patient()
      const visit = await at.stay(p)
      await platform.kill()
      expect(refusedFor(await at.settleThrough(p, visit))).toBe('platform_unreachable')
      await platform.again()
      expect(refusedFor(await at.settleThrough(p, visit))).toBeNull()
    })

    test.each([
      ['医保的答复不平', 'bad_sums', 'bill_does_not_add_up'],
      ['医保已付救助', 'maf', null],
    ])('%s：原样转回，在册人员列入待补救助', async (_, kind, missed) => {
      const p = patient()
      const visit = await at.stay(p)
      await platform.control({ on: '2304', kind })
      const answer = await at.settleThrough(p, visit)
      expect(isTaken(answer)).toBe(true)
      const queued = (await missedDocuments(w.store, 100)).find((d) => d.mdtrt_id === visit)
      expect(queued?.missed ?? null).toBe(missed)
      expect((await at.again(answer)).text).toBe(answer.text)
    })
  })

  test('账平', async () => {
    await checkLedger(w.store)
  })
})
