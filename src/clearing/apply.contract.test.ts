import { beforeAll, describe, expect, it } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { done, OPERATOR } from '../../test/people.ts'
import type { Caller } from '../access/caller.ts'
import type { AnyStore } from '../store/open.ts'
import { type ApplicationAsk, applyForClearing, withdrawClearing } from './apply.ts'
import { cancelled, NOVEMBER, openOffice, sums } from './documents.fixture.ts'
import { fetchFile, receiveFile } from './exchange-file.ts'
import { reconcileRows } from './reconcile-rows.ts'
import { reconcileTotals } from './reconcile-totals.ts'

eachEngine((_, open) => {
  let store: AnyStore
  beforeAll(async () => {
    store = await open()
  })
  describe('清算申请与撤销（3203、3204）', () => {
    const asking = (n: number, change: Partial<ApplicationAsk> = {}): ApplicationAsk => ({
      clr_type: '11',
      clr_way: '1',
      month: '202611',
      from: '2026-11-01',
      to: '2026-11-30',
      visits: n,
      medfee: n * 32_650,
      cleared: n * (21_000 + 11_500),
      fund: n * 21_000,
      cash: n * 11_500,
      acct: n * 150,
      ...change,
    })
    const ready = () => openOffice(store, [{ setl_id: '1' }, { setl_id: '2', insutype: '310', setl_optins: '654099' }])

    it('合计相符，给出申请号；各险种、各经办机构一起算', async () => {
      const { deps, terminal } = await ready()
      const applied = await done(applyForClearing(deps, terminal, asking(2)))
      expect(applied.clr_appy_evt_id).toMatch(/^C\d{14}[0-9A-Z]{8}$/)
      expect(applied.ours).toEqual({ ...sums(2), cash: 23_000, assistance: 2000 })
    })

    it.each<[string, Partial<ApplicationAsk>, string]>([
      ['人次', { visits: 1 }, '人次：医院 1、中心 2'],
      ['总费用', { medfee: 65_299 }, '总费用：医院 652.99、中心 653.00'],
      ['基金多报', { fund: 42_001, cleared: 65_001 }, '基金：医院 420.01、中心 420.00'],
      ['基金没有算进医疗救助', { fund: 40_000, cleared: 63_000 }, '基金：医院 400.00、中心 420.00'],
      ['现金', { cash: 0, cleared: 42_000 }, '现金：医院 0.00、中心 230.00'],
      ['个人账户', { acct: 0 }, '个人账户：医院 0.00、中心 3.00'],
    ])('%s不符，拒绝并写出双方的数', async (_, change, detail) => {
      const { deps, terminal, kept } = await ready()
      expect(await applyForClearing(deps, terminal, asking(2, change))).toEqual({ refusal: 'totals_differ', detail })
      expect(await kept('clearing_application')).toEqual([])
    })

    it('清算费用总额须等于基金加现金', async () => {
      const { deps, terminal } = await ready()
      expect(await applyForClearing(deps, terminal, asking(2, { cleared: 1 }))).toMatchObject({
        refusal: 'invalid_request',
        detail: '清算费用总额 0.01 ≠ 申请基金 + 现金 650.00',
      })
    })

    it('撤销过的结算抵消：人次按净数，不算 2601 冲正的', async () => {
      const one = { setl_id: '1' }
      const two = { setl_id: '2' }
      const sketches = [one, two, { setl_id: '3' }, cancelled(one, '4'), cancelled(two, '5', '2601')]
      const { deps, terminal } = await openOffice(store, sketches)
      expect(await done(applyForClearing(deps, terminal, asking(1)))).toMatchObject({ ours: sums(1, 3) })
    })

    it('同样的申请再来一次，给同一个号；天数重叠的另一申请要先撤销', async () => {
      const { deps, terminal } = await ready()
      const first = await done(applyForClearing(deps, terminal, asking(2)))
      expect(await done(applyForClearing(deps, terminal, asking(2)))).toEqual(first)
      expect(await applyForClearing(deps, terminal, asking(2, { to: '2026-11-15' }))).toEqual({
        refusal: 'already_done',
        detail: `2026-11-01 至 2026-11-30 已于 2026-12-01 09:00 申请清算（${first.clr_appy_evt_id}），要更正请先撤销（3204）`,
      })
      expect(await applyForClearing(deps, terminal, asking(2, { clr_way: '3' }))).toMatchObject({
        refusal: 'already_done',
      })
      await done(applyForClearing(deps, terminal, asking(0, { clr_type: '21' })))
      await done(applyForClearing(deps, terminal, asking(0, { from: '2026-12-01', to: '2026-12-31', month: '202612' })))
      await done(withdrawClearing(deps, terminal, first.clr_appy_evt_id))
      const second = await done(applyForClearing(deps, terminal, asking(2, { to: '2026-11-15' })))
      expect(second.clr_appy_evt_id).not.toBe(first.clr_appy_evt_id)
    })

    it('几个窗口同时申请，只有一份申请', async () => {
      const { deps, terminal, kept } = await ready()
      const all = await Promise.all(Array.from({ length: 5 }, () => done(applyForClearing(deps, terminal, asking(2)))))
      expect(new Set(all.map((a) => a.clr_appy_evt_id)).size).toBe(1)
      expect(await kept('clearing_application')).toHaveLength(1)
    })

    it('撤销只有一次，只能撤本院的', async () => {
      const { deps, terminal } = await ready()
      const { clr_appy_evt_id: id } = await done(applyForClearing(deps, terminal, asking(2)))
      const stranger = await openOffice(store)
      expect(await withdrawClearing(deps, stranger.terminal, id)).toMatchObject({ refusal: 'record_not_found' })
      expect(await withdrawClearing(deps, terminal, 'C0')).toMatchObject({ refusal: 'record_not_found' })
      const all = await Promise.all([1, 2, 3].map(() => withdrawClearing(deps, terminal, id)))
      expect(all.filter((r) => 'clr_appy_evt_id' in r)).toHaveLength(1)
      expect(all.filter((r) => 'refusal' in r && r.refusal === 'already_done')).toHaveLength(2)
    })
  })

  it('只有医院终端可以办理，别人什么也不留下', async () => {
    const { deps, kept } = await openOffice(store, [{ setl_id: '1' }])
    const auditor: Caller = { kind: 'staff', id: 'S1', roles: ['auditor', 'approver', 'administrator'] }
    const file = { filename: 'a', bytes: new Uint8Array(1) }
    for (const caller of [auditor, OPERATOR]) {
      for (const refused of [
        reconcileTotals(deps, caller, { group: NOVEMBER, stated: sums(1) }),
        reconcileRows(deps, caller, { group: NOVEMBER, stated: sums(0), lines: [] }),
        receiveFile(deps, caller, file),
        fetchFile(deps, caller, 'F0'),
        withdrawClearing(deps, caller, 'C0'),
      ])
        expect(await refused).toMatchObject({ refusal: 'forbidden' })
    }
    expect(await kept('reconciliation')).toEqual([])
    expect(await kept('his_file')).toEqual([])
  })
})
