import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { standBetween } from '../../test/his-between.ts'
import { fresh } from '../../test/his-desk.ts'
import { publishCodes, refusedFor } from '../../test/his-message.ts'
import { hisWindow, stayInfo } from '../../test/his-window.ts'
import { checkDocuments } from '../../test/oracle.his.ts'
import { checkLedger } from '../../test/oracle.ts'
import { type RawPlatform, rawPlatform } from '../../test/raw-platform.ts'
import { bill, OTHER_HOSPITAL, openWorld, SOMEBODY, type World } from '../../test/world.ts'

/** Money that is counted in another place already: at another hospital, in an application, by a terminal of ours. */
eachEngine((engine, open) => {
  let w: World
  let at: ReturnType<typeof hisWindow>
  let platform: RawPlatform
  beforeAll(async () => {
    platform = await rawPlatform()
    w = await openWorld(engine, open)
    await publishCodes(w)
    await w.service.deps.directory.now()
    at = hisWindow(w)
  })
  afterAll(() => platform.stop())

  test('同一医保结算单报到两家医院：救助只有一次；一家撤销了，另一家可以', async () => {
    const visit = fresh('MD')
    const info = { setl_id: fresh('SETL') }
    const other = hisWindow(w, w.stranger)
    const elsewhere = () => other.settleStay(SOMEBODY, visit, { info, envelope: { fixmedins_code: OTHER_HOSPITAL } })
    const first = await at.settleStay(SOMEBODY, visit, { info })
    expect(first.json.output.setlinfo.maf_pay).toBe(750)
    expect(refusedFor(await elsewhere())).toBe('setl_id_taken')
    expect((await at.again(first)).text).toBe(first.text)
    await at.cancelStay(SOMEBODY, visit, info.setl_id)
    expect((await elsewhere()).json.output.setlinfo.maf_pay).toBe(750)
  })

  test('已申请清算的结算不再冲正：从来没有过的，申请里不能有；撤销可以，撤回申请之后冲正也可以', async () => {
    const visit = fresh('MD')
    const settled = await at.settleStay(SOMEBODY, visit, { info: { setl_time: '2026-09-28 16:20:00' } })
    const sums = { medfee_sumamt: 4000, med_sumfee: 4000, fund_appy_sum: 3750, cash_payamt: 250, acct_pay: 0 }
    const days = { begndate: '2026-09-01', enddate: '2026-09-30', setlym: '202609' }
    const applied = await at.send('3203', { data: { clr_type: '21', clr_way: '1', psntime: 1, ...sums, ...days } })
    const { clr_appy_evt_id } = applied.json.output.result
    const refused = await at.undo(SOMEBODY, '2304', settled.msgid)
    expect(refusedFor(refused)).toBe('already_done')
    expect(refused.json.err_msg).toContain(clr_appy_evt_id)
    await at.send('3204', { data: { clr_appy_evt_id } })
    expect(refusedFor(await at.undo(SOMEBODY, '2304', settled.msgid))).toBeNull()
    expect(refusedFor(await at.undo(SOMEBODY, '2304', settled.msgid))).toBeNull()
  })

  test('没有算成的救助由终端补办了：先冲销补办的，才撤销医保的；平台还没有听说', async () => {
    await standBetween(w, platform.url)
    const visit = fresh('MD')
    const setlinfo = stayInfo(SOMEBODY, visit, { med_type: '99' })
    platform.says(() => ({ infcode: 0, output: { setlinfo, setldetail: [] } }))
    const { setl_id } = (await at.settleThrough(SOMEBODY, visit)).json.output.setlinfo
    const made = await w.settle(bill({ bill_no: `${visit}/Z`, visit_no: visit }))
    const heard = platform.heard.length
    expect(refusedFor(await at.cancelStay(SOMEBODY, visit, setl_id))).toBe('settlement_in_the_way')
    expect(platform.heard).toHaveLength(heard)
    await w.reverse(made.json.settlement_no)
    expect((await at.cancelStay(SOMEBODY, visit, setl_id)).json.infcode).toBe(0)
  })

  test('账平，单账相符', async () => {
    await checkLedger(w.store)
    await checkDocuments(w.store)
  })
})
