import { createGzip } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { openRawBetween } from '../../test/his-between.ts'
import { fresh } from '../../test/his-desk.ts'
import { refusedFor } from '../../test/his-message.ts'
import { type hisWindow, psnOf, stayInfo } from '../../test/his-window.ts'
import { checkDocuments } from '../../test/oracle.his.ts'
import { checkLedger } from '../../test/oracle.ts'
import type { RawPlatform } from '../../test/raw-platform.ts'
import { SOMEBODY, type World } from '../../test/world.ts'
import { settlementStumbles } from './clients.fixture.ts'
import { keyOf, scopeOf } from './kept.ts'
import { sealNotes } from './own-call.ts'
import { missedDocuments, openCalls } from './queries.ts'
import { callRounds } from './rounds.ts'
import { msgidOf } from './told.ts'

/** Platforms say what no specification foresees; what they have settled is settled all the same. */
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

  const settles = (mdtrt_id: string, change: object = {}, detail: unknown = []) =>
    platform.says(() => ({
      infcode: 0,
      output: { setlinfo: stayInfo(SOMEBODY, mdtrt_id, { ...change }), setldetail: detail },
    }))
  const ask = (change: object) => at.send('5203', { data: { psn_no: psnOf(SOMEBODY), ...change } })

  test.each<[string, unknown]>([
    ['没有', undefined],
    ['空的', null],
    ['单独一行', { fund_pay_type: '390100', fund_payamt: 3000 }],
    ['不是列表', '无'],
    ['不是行', [1, null]],
  ])('不平的结算，结算明细%s：原样转回；撤销没有输出，也撤得掉、查得到，轮询不停', async (_, detail) => {
    const visit = fresh('MD')
    settles(visit, { hifp_pay: 3001, medfee_sumamt: 4001 }, detail)
    const settled = await at.settleThrough(SOMEBODY, visit)
    const { setl_id } = settled.json.output.setlinfo
    platform.says(() => ({ infcode: 0 }))
    const cancelled = await at.cancelStay(SOMEBODY, visit, setl_id)
    expect(cancelled.json).toEqual({ infcode: 0 })
    expect((await at.again(cancelled)).text).toBe(cancelled.text)
    expect((await ask({ setl_id })).json.output.setlinfo.refd_setl_flag).toBe('1')
    expect((await ask({ msgid: cancelled.msgid })).json.output.setlinfo.medfee_sumamt).toBe(-4001)
    expect(await callRounds(w.service.deps)()).toEqual({ asked: 0, open: 0 })
  })

  test('一个谁也读不懂的调用，不耽误后面的：轮询报错，其余办完', async () => {
    const { deps } = w.service
    const { id, hospital } = w.terminal
    const terminal = { id, hospital }
    const begin = async (sealed: (key: string) => string, ago: number) => {
      const mdtrt_id = fresh('MD')
      const key = keyOf('2304', fresh('OPEN'))
      const call = { mdtrt_id, bill_no: null, psn_blind: 'p', sealed: sealed(key) }
      const asked = { terminal, scope: scopeOf(hospital), key, fingerprint: 'f', at: w.clock - ago }
      await deps.desk.submit({ kind: 'note', ...asked, call })
      return { kind: 'note', ...asked, answer: 'ended' } as const
    }
    const broken = await begin(() => 'sealed by nobody', 60_100)
    const notes = { terminal, infno: '2304', mdtrt_id: 'MD', psn_no: 'P', setl_id: null, original: null, envelope: {} }
    // More than are asked after at a time.
    for (let i = 0; i < 9; i++)
      await begin((key) => sealNotes(deps, key, { ...notes, msgid: msgidOf(key), path: '/his' }), 60_000 - i)
    platform.says(() => ({ infcode: 0 }))
    await expect(callRounds(deps)()).rejects.toThrow()
    const left = await openCalls(w.store, { before: w.clock + 1 })
    expect(left.map((row) => row.key)).toEqual([broken.key])
    await deps.desk.submit(broken)
  })

  test('单据里的字，数据库装不下的不要：答复照样转回', async () => {
    const visit = fresh('MD')
    settles(visit, { medfee_sumamt: 4001, insutype: '3\u000090', clr_type: '\ud800', clr_optins: {}, setl_time: [] })
    const answer = await at.settleThrough(SOMEBODY, visit)
    expect(answer.json.output.setlinfo.medfee_sumamt).toBe(4001)
    const [missed] = (await missedDocuments(w.store, 100)).filter((d) => d.mdtrt_id === visit)
    expect(missed).toMatchObject({ insutype: '390', clr_type: '21', setl_optins: '654002', setl_day: '2026-11-01' })
  })

  test('撤销的答复金额为正、号码不成样子：我们说的是原单变号', async () => {
    const visit = fresh('MD')
    settles(visit)
    const { setl_id } = (await at.settleThrough(SOMEBODY, visit)).json.output.setlinfo
    settles(visit, { setl_id: { id: 1 }, setl_time: { at: 1 }, balc: 'x' })
    const cancelled = await at.cancelStay(SOMEBODY, visit, setl_id)
    expect(cancelled.json.output.setlinfo).toMatchObject({ maf_pay: -750, medfee_sumamt: -4000, balc: 0 })
    expect(settlementStumbles(cancelled.text)).toEqual([])
    expect((await ask({ setl_id: cancelled.json.output.setlinfo.setl_id })).json.output.setlinfo.maf_pay).toBe(-750)
  })

  test('没完没了的答复，压缩着来：听到 8 MB 为止', async () => {
    platform.says(() => (response) => {
      response.setHeader('content-encoding', 'gzip')
      const packing = createGzip()
      packing.pipe(response)
      const more = () => {
        while (!response.destroyed && packing.write(Buffer.alloc(1_000_000)));
      }
      packing.on('drain', more)
      more()
    })
    const answer = await at.send('4101', { data: {} })
    expect([refusedFor(answer), answer.json.err_msg]).toEqual([
      'platform_no_answer',
      expect.stringContaining('答复过大'),
    ])
  })

  test('没有结算单的答复，只说给问这个病人的', async () => {
    platform.says(() => ({ infcode: 0, output: { whose: SOMEBODY.name } }))
    const answer = await at.settleThrough(SOMEBODY, fresh('MD'))
    const other = await at.send('5203', { data: { psn_no: 'OTHER', msgid: answer.msgid } })
    expect(refusedFor(other)).toBe('record_mismatch')
    expect(other.text).not.toContain(SOMEBODY.name)
    expect((await ask({ msgid: answer.msgid })).text).toBe(answer.text)
  })

  test('冲正还在办时，原报文才到：不再转给平台', async () => {
    const visit = fresh('MD')
    const msgid = fresh('LATE')
    platform.says(
      (heard) =>
        new Promise((resolve) => {
          setTimeout(resolve, heard.infno === '2601' ? 300 : 0, { infcode: 0, output: {} })
        }),
    )
    const undone = at.undo(SOMEBODY, '2304', msgid)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(refusedFor(await at.settleThrough(SOMEBODY, visit, { msgid }))).toBe('reversed_before_arrival')
    expect((await undone).json.infcode).toBe(0)
    expect(platform.heard.filter((heard) => heard.msgid === msgid)).toEqual([])
  })

  test('账平，单账相符', async () => {
    await checkLedger(w.store)
    await checkDocuments(w.store)
  })
})
