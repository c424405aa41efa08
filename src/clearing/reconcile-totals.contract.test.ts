import { beforeAll, describe, expect, it } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { done } from '../../test/people.ts'
import type { AnyStore } from '../store/open.ts'
import { cancelled, NOVEMBER, NOW, type Office, openOffice, sums } from './documents.fixture.ts'
import { reconcileTotals } from './reconcile-totals.ts'
import type { StatedTotals } from './totals.ts'

eachEngine((_, open) => {
  let store: AnyStore
  beforeAll(async () => {
    store = await open()
  })
  describe('对总账（3201）', () => {
    const ask = (office: Office, stated: StatedTotals, change: Partial<typeof NOVEMBER> = {}) =>
      done(reconcileTotals(office.deps, office.terminal, { group: { ...NOVEMBER, ...change }, stated }))

    it('相符、中心多、医院多、数据不一致；中心的合计都写在说明里', async () => {
      const office = await openOffice(store, [{ setl_id: '1' }, { setl_id: '2', assistance_fen: 0 }])
      expect(await ask(office, sums(2))).toMatchObject({
        stmt_rslt: '000000',
        stmt_rslt_dscr:
          '相符：中心 2 笔（含撤销），总费用 653.00，基金 420.00（含医疗救助 10.00，不含个人账户），个人账户 3.00',
        ours: { ...sums(2), cash: 23_000, assistance: 1000 },
      })
      expect((await ask(office, sums(1))).stmt_rslt).toBe('000101')
      expect((await ask(office, sums(3))).stmt_rslt).toBe('000102')
      expect((await ask(office, { ...sums(2), fund: 41_000 })).stmt_rslt).toBe('000103')
    })

    it('按结算日、险种、清算类别、经办机构分组，别的医院的不算', async () => {
      const office = await openOffice(store, [
        { setl_id: '1', setl_day: '2026-11-01' },
        { setl_id: '2', setl_day: '2026-11-30' },
        { setl_id: '3', setl_day: '2026-10-31' },
        { setl_id: '4', setl_day: '2026-12-01' },
        { setl_id: '5', insutype: '310' },
        { setl_id: '6', clr_type: '21' },
        { setl_id: '7', setl_optins: '654099' },
      ])
      const other = await openOffice(store, [{ setl_id: '1' }])
      const count = async (change: Partial<typeof NOVEMBER>, of = office) => (await ask(of, sums(0), change)).ours.count
      expect(await count({})).toBe(2)
      expect(await count({ from: '2026-11-02' })).toBe(1)
      expect(await count({ insutype: '310' })).toBe(1)
      expect(await count({ clr_type: '21' })).toBe(1)
      expect(await count({ setl_optins: '654099' })).toBe(1)
      expect(await count({ insutype: null, clr_type: null, setl_optins: null })).toBe(5)
      expect(await count({ from: '2026-10-01', to: '2026-12-31' })).toBe(4)
      expect(await count({}, other)).toBe(1)
    })

    it('撤销是单独的一笔，记在撤销的那天，金额为负；可以只对退费的或只对未退费的', async () => {
      const one = { setl_id: '1', setl_day: '2026-11-30' }
      const office = await openOffice(store, [
        one,
        { setl_id: '2' },
        cancelled(one, '3', '2208', { setl_day: '2026-12-01' }),
      ])
      const both = { to: '2026-12-31' }
      expect((await ask(office, sums(1, 3), both)).stmt_rslt).toBe('000000')
      expect((await ask(office, sums(2))).stmt_rslt).toBe('000000')
      expect((await ask(office, sums(0, 2), { ...both, refunded: true })).stmt_rslt).toBe('000000')
      expect((await ask(office, sums(1), { refunded: true })).stmt_rslt).toBe('000000')
      expect((await ask(office, sums(1), { ...both, refunded: false })).stmt_rslt).toBe('000000')
    })

    it('2601 冲正的从来没有发生过：当月和冲正那天都不算，再对就平了', async () => {
      const one = { setl_id: '1' }
      const office = await openOffice(store, [one, { setl_id: '2' }])
      expect((await ask(office, sums(1))).stmt_rslt).toBe('000101')
      await office.put([cancelled(one, '3', '2601', { setl_day: '2026-12-05' })])
      expect((await ask(office, sums(1))).stmt_rslt).toBe('000000')
      expect((await ask(office, sums(0), { from: '2026-12-01', to: '2026-12-31' })).stmt_rslt).toBe('000000')
      expect((await ask(office, sums(0), { refunded: true })).stmt_rslt).toBe('000000')
    })

    it('期间写反、超过一年，不对', async () => {
      const { deps, terminal } = await openOffice(store)
      const refused = (from: string, to: string) =>
        reconcileTotals(deps, terminal, { group: { ...NOVEMBER, from, to }, stated: sums(0) })
      expect(await refused('2026-11-02', '2026-11-01')).toMatchObject({ refusal: 'invalid_request' })
      expect(await refused('2025-01-01', '2026-01-02')).toMatchObject({ detail: '一次最多 366 天，实为 367 天' })
      expect(await done(refused('2024-01-01', '2024-12-31'))).toMatchObject({ stmt_rslt: '000000' })
    })

    it('每一次对账都留下双方的合计', async () => {
      const office = await openOffice(store, [{ setl_id: '1' }])
      const { id } = await ask(office, sums(2), { refunded: false })
      const [row] = await office.kept('reconciliation')
      const kept = { ...row, theirs: JSON.parse(String(row?.theirs)), ours: JSON.parse(String(row?.ours)) }
      expect(kept).toEqual({
        id,
        hospital_code: office.hospital,
        infno: '3201',
        insutype: '390',
        clr_type: '11',
        setl_optins: '654002',
        from_day: '2026-11-01',
        to_day: '2026-11-30',
        theirs: { ...sums(2), refunded: false },
        ours: { ...sums(1), cash: 11_500, assistance: 1000 },
        result: '000102',
        at: NOW,
      })
    })
  })
})
