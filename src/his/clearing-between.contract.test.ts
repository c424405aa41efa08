import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { openBetween } from '../../test/his-between.ts'
import { refusedFor } from '../../test/his-message.ts'
import type { hisWindow } from '../../test/his-window.ts'
import { type Person, residentId } from '../../test/people.ts'
import { openHospital } from '../../test/platform/hospital.ts'
import type { PlatformProcess } from '../../test/platform/start.ts'
import type { World } from '../../test/world.ts'
import { GROUP, hospitalBooks, totalsOf } from './clearing.fixture.ts'

const PATIENTS: readonly Person[] = [1, 2, 3].map((n) => ({ id: residentId(100 + n), name: `病人${n}` }))
/** The insurer's person whom our register does not know: settled through us, without assistance. */
const STRANGER = { id: residentId(999), name: '无名氏' }

/** Between hospital and platform: one question of the hospital's, two books that must both agree with it. */
eachEngine((engine, open) => {
  let w: World
  let at: ReturnType<typeof hisWindow>
  let books: ReturnType<typeof hospitalBooks>
  let platform: PlatformProcess
  beforeAll(async () => {
    const between = await openBetween(engine, open, { people: PATIENTS, others: [STRANGER], timeout_ms: 1000 })
    w = between.w
    at = between.at
    platform = between.platform
    books = hospitalBooks(w, at)
    const [one, two] = PATIENTS as [Person, Person]
    books.note(await at.settleThrough(one, await at.stay(one)))
    books.note(await at.settleThrough(STRANGER, await at.stay(STRANGER)))
    const visit = await at.stay(two)
    const { setl_id = '' } = books.note(await at.settleThrough(two, visit))
    books.note(await at.cancelStay(two, visit, setl_id))
  })
  beforeEach(() => platform.control({ clear: 'faults' }))
  afterAll(() => platform.stop())

  describe('对总账（3201）', () => {
    test('医院的基金含医疗救助，平台的不含：两边都相符', async () => {
      const { stmt_rslt, stmt_rslt_dscr } = await books.totals()
      expect([stmt_rslt, stmt_rslt_dscr]).toEqual([
        '000000',
        expect.stringMatching(/^相符：中心 4 笔.*含医疗救助 1031\.25.*；医保平台相符：中心：4笔/),
      ])
    })

    test('不符时说出两边各是多少', async () => {
      const told = await books.totals(books.rows.slice(1))
      expect(told.stmt_rslt).toBe('000101')
      expect(told.stmt_rslt_dscr).toMatch(/^不符：中心 4 笔.*；医保平台不符：/)
    })

    test('没有单据的组，两边都是零', async () => {
      expect(await books.totals([], { insutype: '310' })).toMatchObject({ stmt_rslt: '000000' })
    })

    test('平台不答复、拒绝：不说相符', async () => {
      await platform.control({ kind: 'cut', on: '3201' })
      expect(refusedFor(await at.send('3201', { data: { ...GROUP, ...totalsOf(books.rows) } }))).toBe(
        'platform_no_answer',
      )
      await platform.control({ kind: 'refuse', on: '3201', text: '平台正在结账' })
      expect((await books.totals()).err_msg).toBe('平台正在结账')
    })
  })

  describe('对明细账（3202）', () => {
    test('两边都相符，结果文件是空的', async () => expect(await books.details()).toEqual([]))

    test('两边都看得出的差异，只说一次', async () => {
      const [first, ...rest] = books.rows
      if (!first) throw new Error()
      const found = await books.details([{ ...first, setl_id: 'X1' }, ...rest])
      expect(found.map((row) => [row.stmt_rslt, row.setl_id, row.memo])).toEqual([
        ['000102', 'X1', '医院有、中心无'],
        ['000101', first.setl_id, '中心有、医院无'],
      ])
    })

    test('平台不收文件、不给结果：不说相符', async () => {
      for (const on of ['9101', '3202', '9102']) {
        await platform.control({ clear: 'faults' })
        await platform.control({ kind: 'refuse', on, text: `平台拒绝 ${on}` })
        await expect(books.details()).rejects.toThrow(`平台拒绝 ${on}`)
      }
    })

    test('平台自己的文件，仍从平台下载', async () => {
      const answer = await at.send('9102', { fsDownloadIn: { file_qury_no: 'F00000000000', filename: 'x' } })
      expect(answer.json.err_msg).toContain('未查询到文件')
    })
  })

  describe('清算（3203、3204）', () => {
    test('向平台申请它付的，向本系统申请全部；撤销两边都撤', async () => {
      const applied = await books.apply()
      expect(refusedFor(applied)).toBeNull()
      const { clr_appy_evt_id } = applied.json.output.result
      expect((await books.apply()).json.output.result.clr_appy_evt_id).toBe(clr_appy_evt_id)
      const fund = 3656.25 + 2625
      expect((await platform.books()).clearings).toMatchObject([
        { data: { fund_appy_sum: fund - 1031.25, cash_payamt: 4000 * 2 - fund + 1031.25, medfee_sumamt: '8000.00' } },
      ])
      expect(refusedFor(await books.withdraw(clr_appy_evt_id))).toBeNull()
      expect((await platform.books()).clearings).toMatchObject([{ withdrawn: true }])
    })

    test('平台拒绝，本系统也不申请', async () => {
      await platform.control({ kind: 'refuse', on: '3203', text: '本月已清算' })
      expect((await books.apply()).json.err_msg).toBe('本月已清算')
      expect(refusedFor(await books.apply())).toBeNull()
    })

    test('本系统的合计不符，不去问平台', async () => {
      const before = (await platform.log()).length
      expect(refusedFor(await books.apply(books.rows.slice(1)))).toBe('already_done')
      expect(refusedFor(await books.apply(books.rows, { clr_type: '11' }))).toBe('totals_differ')
      expect((await platform.log()).length).toBe(before)
    })
  })

  test('在医保客户端做的退费，医院和本系统都不知道：对账找得出', async () => {
    const direct = openHospital(platform.url)
    const [first] = books.rows
    if (!first) throw new Error()
    const { psn_no, mdtrt_id, setl_id } = first
    const cancelled = (await direct.say('2305', { data: { psn_no, mdtrt_id, setl_id } })).output.setlinfo
    direct.close()
    expect((await books.totals()).stmt_rslt).toBe('000101')
    const [row, ...others] = await books.details()
    expect(others).toEqual([])
    expect(row).toMatchObject({ setl_id: cancelled.setl_id, stmt_rslt: '000101', memo: '医保平台：中心多' })
  })
})
